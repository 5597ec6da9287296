"""The line of papers over a library that hangs, breaks or takes its time: nothing stops it."""

from __future__ import annotations

import time
from threading import Event, Timer
from typing import TYPE_CHECKING

import pytest

from bot.desk.papers_line import PaperLine
from bot.desk.papers_model import Paper, Stage
from bot.desk.papers_staging import Staging, StagingLimits
from ingest.sync import Action, Outcome
from knowledge.errors import DocumentNotFound, KnowledgeUnavailable
from knowledge.model import DocumentDraft, DocumentMeta, PassageDraft
from tests.fakes.clocks import HandClock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from ingest.document import Defaults
    from ingest.trust.flags import Code, Flag
    from knowledge.history import History

WAIT_S = 20.0  # far more than it takes; only a hang takes longer


class SlowPapers:
    """A library that waits for `go`, and whose reader raises `fault` if there is one."""

    def __init__(self) -> None:
        self.go, self.begun = Event(), Event()
        self.go.set()
        self.fault: Exception | None = None
        self.published: list[str] = []
        self.finished = 0

    def read(self, file: Path, *, key: str, defaults: Defaults | None = None) -> DocumentDraft:
        self._wait()
        if self.fault is not None:
            raise self.fault
        text = file.read_text(encoding="utf-8")
        assert defaults is not None
        return DocumentDraft(
            meta=DocumentMeta(key=key, title="Tên", audience=defaults.audience),
            passages=(PassageDraft(anchor="1", text=text),),
            content_hash=text,
        )

    def judge(self, _draft: DocumentDraft, _file: Path | None = None) -> tuple[Flag, ...]:
        return ()

    def publish(
        self, draft: DocumentDraft, _file: Path, *, who: str, accepted: Collection[Code] = ()
    ) -> Outcome:
        assert who
        assert accepted == []
        self._wait()
        self.published.append(draft.meta.key)
        return Outcome(key=draft.meta.key, action=Action.ADDED)

    def history(self, key: str) -> History:
        raise DocumentNotFound(key=key)

    def finish(self) -> None:
        self.finished += 1

    def _wait(self) -> None:
        self.begun.set()
        assert self.go.wait(WAIT_S)


@pytest.fixture
def papers() -> SlowPapers:
    return SlowPapers()


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    opened = Staging(tmp_path / "papers", now=HandClock(), limits=StagingLimits(free_bytes=0))
    yield opened
    opened.close()


@pytest.fixture
def line(staging: Staging, papers: SlowPapers) -> Iterator[PaperLine]:
    started = PaperLine(staging, lambda: papers, lambda _name: True)
    started.start()
    yield started
    papers.go.set()
    started.close()


def bring(staging: Staging, line: PaperLine, name: str = "a.txt") -> Paper:
    with staging.begin(name=name, key=f"tep/{name}", unit="phuong-a", officer="x") as incoming:
        incoming.write(b"chu")
        paper = incoming.finish()
    line.tick()
    return paper


def stage(staging: Staging, paper: Paper) -> Stage:
    found = staging.paper(paper.id)
    assert found is not None
    return found.stage


def order(staging: Staging, line: PaperLine, paper: Paper) -> None:
    """Say that it is to be published."""
    assert staging.change(paper.id, frozenset((Stage.READY,)), stage=Stage.PUBLISHING, by="phuong-a/x")
    line.tick()


def test_closing_does_not_wait_for_a_reader_that_hangs(
    staging: Staging, papers: SlowPapers, line: PaperLine
) -> None:
    papers.go.clear()
    paper = bring(staging, line)
    assert papers.begun.wait(WAIT_S)
    began = time.monotonic()
    line.close()
    assert time.monotonic() - began < WAIT_S / 4
    assert stage(staging, paper) is Stage.READING  # read again by the next process


def test_closing_waits_for_a_publication_under_way(
    staging: Staging, papers: SlowPapers, line: PaperLine
) -> None:
    paper = bring(staging, line)
    assert line.settle(WAIT_S)
    papers.go.clear()
    papers.begun.clear()
    order(staging, line, paper)
    assert papers.begun.wait(WAIT_S)
    later = Timer(0.2, papers.go.set)
    later.start()
    line.close(WAIT_S)
    later.join(WAIT_S)
    assert papers.published == [paper.key]
    assert stage(staging, paper) is Stage.PUBLISHED


@pytest.mark.parametrize("fault", [RuntimeError("lời của tài liệu"), MemoryError(), RecursionError()])
def test_a_paper_that_breaks_the_reader_is_refused_and_the_next_is_read(
    staging: Staging, papers: SlowPapers, line: PaperLine, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    papers.fault = fault
    bad = bring(staging, line)
    assert line.settle(WAIT_S)
    papers.fault = None
    good = bring(staging, line, "b.txt")
    assert line.settle(WAIT_S)
    assert (stage(staging, bad), stage(staging, good)) == (Stage.REFUSED, Stage.READY)
    found = staging.paper(bad.id)
    assert found is not None
    assert found.fields == {"reason": type(fault).__name__}
    assert "lời của tài liệu" not in caplog.text


def test_while_the_library_is_away_a_paper_waits(
    staging: Staging, papers: SlowPapers, line: PaperLine
) -> None:
    papers.fault = KnowledgeUnavailable(part="service")
    paper = bring(staging, line)
    assert line.settle(WAIT_S)
    assert stage(staging, paper) is Stage.WAITING
    papers.fault = None
    line.tick()
    assert line.settle(WAIT_S)
    assert stage(staging, paper) is Stage.READY


def test_words_are_learnt_once_after_a_run_of_publications(
    staging: Staging, papers: SlowPapers, line: PaperLine
) -> None:
    some = [bring(staging, line, f"{number}.txt") for number in range(4)]
    assert line.settle(WAIT_S)
    papers.go.clear()
    for paper in some:
        order(staging, line, paper)
    papers.go.set()
    assert line.settle(WAIT_S)
    assert sorted(papers.published) == [paper.key for paper in some]
    assert papers.finished == 1
