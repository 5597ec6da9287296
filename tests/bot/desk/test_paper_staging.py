"""The private folder where uploaded papers wait: nothing half, nothing for ever, no name of theirs."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from bot.desk.papers_model import Paper, PaperRefused, Stage, safe_name, suffix_of
from bot.desk.papers_staging import Staging, StagingLimits, StagingTaken
from ingest.errors import NoRoom, TooLarge
from knowledge.model import Audience, DocumentDraft, DocumentMeta, PassageDraft
from tests.fakes.clocks import HandClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOSE = {"unit": "phuong-a", "officer": "bien-tap"}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "papers"


@pytest.fixture
def staging(folder: Path, clock: HandClock) -> Iterator[Staging]:
    opened = Staging(folder, now=clock, limits=StagingLimits(file_bytes=1_000, total_bytes=2_500, papers=3))
    yield opened
    opened.close()


def bring(staging: Staging, content: bytes = b"abc", name: str = "Kế hoạch.pdf") -> Paper:
    with staging.begin(name=name, key=f"tep/{name}", **WHOSE) as incoming:
        incoming.write(content)
        return incoming.finish()


def again(staging: Staging, folder: Path, clock: HandClock) -> Staging:
    """The folder as the next process finds it."""
    staging.close()
    return Staging(folder, now=clock, limits=StagingLimits())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Hồ sơ\\kế hoạch.docx", "kế hoạch.docx"),
        ("ke\u0301 hoa\u0323ch\r\n\x00.txt", "ké hoạch.txt"),
        ("..", ""),
        ("a/", ""),
        ("", ""),
        ("\u202efdp.exe", "fdp.exe"),  # turns the letters round on the screen
        (f"{'x' * 400}.pdf", f"{'x' * 146}.pdf"),
    ],
)
def test_a_name_is_its_last_part_and_safe_to_show(raw: str, shown: str) -> None:
    assert safe_name(raw) == shown


@pytest.mark.parametrize(
    ("name", "suffix"), [("a.PDF", ".pdf"), ("a", ""), ("a.b/../c", ""), ("a.tệp", ""), ("a.abcdefghi", "")]
)
def test_an_ending_is_of_plain_letters(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


def test_bytes_lie_under_a_name_of_ours_that_nobody_else_may_read(staging: Staging, folder: Path) -> None:
    paper = bring(staging)
    file = staging.file(paper)
    assert file.read_bytes() == b"abc"
    assert "Kế" not in str(file)
    assert file.suffix == ".pdf"
    for path, mode in ((folder, 0o700), (file.parent, 0o700), (file, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_what_is_cut_off_leaves_nothing(staging: Staging, folder: Path) -> None:
    with staging.begin(name="a.pdf", key="tep/a.pdf", **WHOSE) as incoming:
        incoming.write(b"abc")
    assert staging.papers() == []
    assert [entry.name for entry in folder.iterdir()] == [".lock"]


def test_what_a_kill_cut_off_is_gone_at_the_next_start(
    staging: Staging, folder: Path, clock: HandClock
) -> None:
    paper = bring(staging)
    staging.begin(name="b.pdf", key="tep/b.pdf", **WHOSE).write(b"half")
    then = again(staging, folder, clock)
    assert [one.id for one in then.papers()] == [paper.id]
    assert {entry.name for entry in folder.iterdir()} == {".lock", paper.id}
    then.close()


def test_a_paper_and_its_draft_survive_a_restart(staging: Staging, folder: Path, clock: HandClock) -> None:
    paper = bring(staging)
    draft = DocumentDraft(
        meta=DocumentMeta(key=paper.key, title="Kế hoạch", audience=Audience.MEMBER),
        passages=(PassageDraft(anchor="1", text="Điều 1", locator="tr. 2"),),
        content_hash="0",
    )
    staging.keep_draft(paper, draft)
    staging.change(paper.id, frozenset((Stage.WAITING,)), stage=Stage.READY, described={"title": "Kế hoạch"})
    then = again(staging, folder, clock)
    (found,) = then.papers()
    assert (found.stage, found.described) == (Stage.READY, {"title": "Kế hoạch"})
    assert then.draft(found) == draft
    then.close()


def test_a_change_from_another_stage_is_none(staging: Staging) -> None:
    paper = bring(staging)
    assert staging.change(paper.id, frozenset((Stage.READY,)), stage=Stage.PUBLISHING) is None
    assert staging.paper(paper.id) == paper


def test_of_what_is_over_the_row_stays_and_the_bytes_go(staging: Staging) -> None:
    paper = bring(staging)
    staging.change(paper.id, frozenset((Stage.WAITING,)), stage=Stage.REFUSED, error="empty_file")
    assert not staging.file(paper).exists()
    assert [one.error for one in staging.papers()] == ["empty_file"]


def test_a_day_later_it_is_thrown_away_unless_it_is_under_way(staging: Staging, clock: HandClock) -> None:
    paper, busy = bring(staging), bring(staging, name="b.pdf")
    staging.change(busy.id, frozenset((Stage.WAITING,)), stage=Stage.PUBLISHING)
    clock.move(hours=23)
    assert staging.sweep() == 0
    clock.move(hours=2)
    assert staging.sweep() == 1
    assert [one.id for one in staging.papers()] == [busy.id]
    assert not staging.file(paper).parent.exists()


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(staging: Staging) -> None:
    with pytest.raises(TooLarge):
        bring(staging, b"x" * 1_001)
    assert staging.papers() == []
    bring(staging, b"x" * 1_000)


def test_all_together_have_a_limit_and_what_is_over_does_not_count(staging: Staging) -> None:
    first = bring(staging, b"x" * 1_000)
    bring(staging, b"x" * 1_000, "b.pdf")
    with pytest.raises(PaperRefused) as refused:
        bring(staging, b"x" * 1_000, "c.pdf")
    assert refused.value.code == "papers.full"
    staging.change(first.id, frozenset((Stage.WAITING,)), stage=Stage.PUBLISHED)
    bring(staging, b"x" * 1_000, "c.pdf")


def test_their_number_has_a_limit(staging: Staging) -> None:
    for number in range(3):
        bring(staging, name=f"{number}.pdf")
    with pytest.raises(PaperRefused) as refused:
        bring(staging, name="4.pdf")
    assert refused.value.code == "papers.too_many"


def test_a_disk_that_is_nearly_full_is_told(folder: Path, clock: HandClock) -> None:
    staging = Staging(folder, now=clock, limits=StagingLimits(free_bytes=1 << 62))
    with pytest.raises(NoRoom):
        bring(staging)
    assert staging.papers() == []
    staging.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110 - a device
def test_a_disk_that_fills_up_while_writing_is_told_and_leaves_nothing(
    staging: Staging, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def full(path: str, flags: int, *more: int, **named: int) -> int:
        is_file = str(path).endswith(".pdf") and flags & os.O_CREAT
        return real("/dev/full", os.O_WRONLY) if is_file else real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(NoRoom):
        bring(staging)
    assert [entry.name for entry in folder.iterdir()] == [".lock"]


def test_two_processes_do_not_share_it(staging: Staging, folder: Path, clock: HandClock) -> None:
    with pytest.raises(StagingTaken):
        Staging(folder, now=clock, limits=StagingLimits())
    assert staging.papers() == []
