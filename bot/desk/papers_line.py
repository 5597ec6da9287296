"""
The line of uploaded papers: one thread reads them, another publishes what editors said is to be published.

Two, because a scan may take an hour to read and a publication shall not wait for it; no more, because the
machine has other things to answer. What was going on when the process ended is gone on with at the next
start.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from queue import Queue
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final, Protocol

from bot.desk.papers_draft import described_draft
from bot.desk.papers_model import OPEN, Paper, PaperRefused, Stage
from ingest.archives import unpack
from ingest.document import Defaults
from ingest.errors import IngestError, UnreadableFile
from ingest.sync import Action, document_key, scan
from ingest.trust.flags import Code
from knowledge.errors import DocumentNotFound, KnowledgeError
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from bot.desk.papers_staging import Staging
    from ingest.sync import Outcome
    from ingest.trust.flags import Flag
    from knowledge.history import History, StoredVersion
    from knowledge.model import DocumentDraft

_LOG = logging.getLogger(__name__)
_CLOSE_S: Final = 30.0  # that a publication under way gets when the process ends
_ZIP: Final = ".zip"
_DONE: Final = frozenset((Action.ADDED, Action.UPDATED, Action.UNCHANGED, Action.WITHDRAWN))


class Reading(Protocol):
    """What the line needs of `bot.papers.Papers`."""

    def read(self, file: Path, *, key: str, defaults: Defaults | None = None) -> DocumentDraft:
        """The file as a draft."""

    def judge(self, draft: DocumentDraft, file: Path | None = None) -> tuple[Flag, ...]:
        """What is found in it."""

    def publish(
        self, draft: DocumentDraft, file: Path, *, who: str, accepted: Collection[Code] = ()
    ) -> Outcome:
        """Publish it through the gate."""

    def history(self, key: str) -> History:
        """The editions of a document."""

    def finish(self) -> None:
        """Once after a run of publications."""


class PaperLine:
    """Reads and publishes, one paper after the other. Start it once; `close` it before the library."""

    def __init__(
        self, staging: Staging, papers: Callable[[], Reading | None], may: Callable[[str], bool]
    ) -> None:
        """
        A line over *staging*.

        Args:
            staging: What waits.
            papers: The library, or None while it cannot be reached.
            may: Whether `unit/officer` is an editor now, asked again before anything is published.
        """
        self._staging = staging
        self._papers = papers
        self._may = may
        self._to_read: Queue[str | None] = Queue()
        self._to_publish: Queue[str | None] = Queue()
        self._queued: set[str] = set()
        self._busy = 0
        self._changed = Condition()
        self._is_closing = False
        # Daemons: a parser that hangs must not keep the process from ending; its sandbox ends with it.
        self._threads = (
            Thread(target=self._run, args=(self._to_read, self._read), name="papers-read", daemon=True),
            Thread(
                target=self._run, args=(self._to_publish, self._publish), name="papers-publish", daemon=True
            ),
        )

    def start(self) -> None:
        """Go on with what was waiting or under way."""
        for paper in self._staging.papers():
            self._staging.change(paper.id, frozenset((Stage.READING,)), stage=Stage.WAITING)
        self.tick()
        for thread in self._threads:
            thread.start()

    def tick(self) -> None:
        """Put in line what waits and is not in line, the oldest first; throw away what is too old."""
        self._staging.sweep()
        for paper in reversed(self._staging.papers()):
            if paper.stage is Stage.WAITING:
                self._put(self._to_read, paper.id)
            elif paper.stage is Stage.PUBLISHING:
                self._put(self._to_publish, paper.id)

    def close(self, timeout: float = _CLOSE_S) -> None:
        """End when what is being published is done, or after *timeout* seconds."""
        self._is_closing = True
        for queue in (self._to_read, self._to_publish):
            queue.put(None)
        reader, publisher = self._threads
        if publisher.is_alive():
            publisher.join(timeout)
        if reader.is_alive():
            reader.join(0.2)

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is in line or under way, at most *timeout* seconds; whether it is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, timeout)

    def _put(self, queue: Queue[str | None], paper_id: str) -> None:
        with self._changed:
            if paper_id in self._queued:
                return
            self._queued.add(paper_id)
            self._busy += 1
        queue.put(paper_id)

    def _run(self, queue: Queue[str | None], work: Callable[[Paper, Reading], None]) -> None:
        while True:
            paper_id = queue.get()
            if paper_id is None or self._is_closing:
                return
            with self._changed:  # from now on it may be put in line again: what it is by then decides
                self._queued.discard(paper_id)
            try:
                self._work(queue, work, paper_id)
            except Exception as error:  # noqa: BLE001 - one paper must not stop the line; its words stay here
                _LOG.error("papers: %s", type(error).__name__)
                self._failed(paper_id, type(error).__name__)
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _work(self, queue: Queue[str | None], work: Callable[[Paper, Reading], None], paper_id: str) -> None:
        paper, papers = self._staging.paper(paper_id), self._papers()
        if paper is None or papers is None:  # thrown away; or again at a later tick
            return
        work(paper, papers)
        if queue is self._to_publish and queue.empty() and not self._is_closing:
            with suppress(KnowledgeError):  # otherwise the library does it at its next start
                papers.finish()

    def _failed(self, paper_id: str, reason: str) -> None:
        told = {"error": "unexpected_error", "fields": {"reason": reason}}
        with suppress(IngestError):
            self._staging.change(paper_id, frozenset((Stage.PUBLISHING,)), stage=Stage.READY, **told)
            self._staging.change(paper_id, frozenset((Stage.READING,)), stage=Stage.REFUSED, **told)

    # reading

    def _read(self, paper: Paper, papers: Reading) -> None:
        waiting, reading = frozenset((Stage.WAITING,)), frozenset((Stage.READING,))
        if self._staging.change(paper.id, waiting, stage=Stage.READING, error="", fields={}) is None:
            return
        try:
            if paper.suffix == _ZIP:
                self._unpack(paper)
                return
            read = self._looked_through(paper, papers)
        except IngestError as error:
            self._staging.change(
                paper.id, reading, stage=Stage.REFUSED, error=error.code, fields=dict(error.fields)
            )
        except KnowledgeError as error:  # the library is out of reach: again at the next tick
            self._staging.change(
                paper.id, reading, stage=Stage.WAITING, error=error.code, fields=dict(error.fields)
            )
        else:
            self._staging.change(paper.id, reading, **read)

    def _looked_through(self, paper: Paper, papers: Reading) -> dict[str, object]:
        """What is known of *paper* once it is read."""
        file = self._staging.file(paper)
        current = current_of(papers, paper.key)
        defaults = Defaults(audience=current.meta.audience if current else Audience.OFFICER)
        draft = described_draft(papers.read(file, key=paper.key, defaults=defaults), paper)
        self._staging.keep_draft(paper, draft)
        flags = papers.judge(draft, file)
        open_draft = replace(draft, meta=replace(draft.meta, audience=Audience.PUBLIC))
        further = papers.judge(open_draft, file) if draft.meta.audience is not Audience.PUBLIC else ()
        return {
            "stage": Stage.READY,
            "audience": draft.meta.audience,
            "title": draft.meta.title,
            "passages": len(draft.passages),
            "repairs": draft.repairs,
            "flags": flags,
            "public_flags": tuple(flag for flag in further if flag not in flags),
            "on": current.edition if current else 0,
        }

    def _unpack(self, paper: Paper) -> None:
        """Every entry becomes a paper of its own; what is refused is told by name, and the zip is gone."""
        folder = self._staging.room_for_zip(paper)
        content = unpack(self._staging.file(paper), folder)
        whose = {"unit": paper.unit, "officer": paper.officer}
        for name, refused in content.refused.items():
            key = document_key(paper.key, name)
            self._staging.refused(
                name=f"{paper.name}/{name}", key=key, error=refused.code, fields=dict(refused.fields), **whose
            )
        # Those taken out before the process ended, if it did half way.
        taken = {one.key for one in self._staging.papers() if one.at == paper.at and one.id != paper.id}
        with scan(folder, collection=paper.key) as found:
            for key, file in sorted(found.paths.items()):
                if key in taken:
                    continue
                name = f"{paper.name}/{key.removeprefix(f'{paper.key}/')}"
                try:
                    self._staging.adopt(file, paper, name=name, key=key)
                except (IngestError, OSError) as error:
                    told = (
                        error
                        if isinstance(error, IngestError)
                        else UnreadableFile(reason=type(error).__name__)
                    )
                    self._staging.refused(
                        name=name, key=key, error=told.code, fields=dict(told.fields), **whose
                    )
        empty = not found.paths and not content.refused
        if empty:
            raise PaperRefused("empty_zip")
        self._staging.drop(paper.id)
        self.tick()

    # publishing

    def _publish(self, paper: Paper, papers: Reading) -> None:
        if paper.stage is not Stage.PUBLISHING:
            return
        if not self._may(paper.by):
            self._back(paper, "desk.refused_not_editor")
            return
        try:
            draft = described_draft(self._staging.draft(paper), paper)
            if error := self._overtaken(paper, draft, papers):
                self._back(paper, error)
                return
            accepted = [Code(code) for code in paper.answered_for]
            outcome = papers.publish(draft, self._staging.file(paper), who=paper.by, accepted=accepted)
            self._settle(paper, outcome, papers)
        except (IngestError, KnowledgeError) as error:
            self._back(paper, error.code, dict(error.fields))

    def _overtaken(self, paper: Paper, draft: DocumentDraft, papers: Reading) -> str:
        """Why not, where another edition answers now than the editor saw; "" where all is as it was."""
        current = current_of(papers, paper.key)
        if current is None or current.edition == paper.on or current.content_hash == draft.content_hash:
            return ""
        return "papers.overtaken"

    def _settle(self, paper: Paper, outcome: Outcome, papers: Reading) -> None:
        publishing = frozenset((Stage.PUBLISHING,))
        if outcome.action in _DONE:
            current = current_of(papers, paper.key)
            self._staging.change(
                paper.id,
                publishing,
                stage=Stage.PUBLISHED,
                error="papers.stays_withdrawn" if outcome.action is Action.WITHDRAWN else "",
                fields={},
                edition=current.edition if current else 0,
                duplicate_of=outcome.duplicate_of,
            )
        elif outcome.action is Action.HELD:
            self._staging.change(
                paper.id, publishing, stage=Stage.HELD, error="", fields={}, flags=outcome.flags
            )
        else:
            self._back(paper, outcome.error, dict(outcome.fields))

    def _back(self, paper: Paper, error: str, fields: dict[str, str] | None = None) -> None:
        """The editor decides again; nothing of it was published."""
        self._staging.change(
            paper.id, frozenset((Stage.PUBLISHING,)), stage=Stage.READY, error=error, fields=fields or {}
        )


def current_of(papers: Reading, key: str) -> StoredVersion | None:
    """The edition of *key* that answers, or would if it were not withdrawn; None where there is none."""
    try:
        history = papers.history(key)
    except DocumentNotFound:
        return None
    withdrawn = history.withdrawn.edition if history.withdrawn else 0
    return next((one for one in history.versions if one.is_current or one.edition == withdrawn), None)


__all__ = ["OPEN", "PaperLine", "Reading", "current_of"]
