"""Documents on their way in: uploads, what an editor says of them, publishing, throwing away."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.desk.papers_base import PaperRoom, digest, who
from bot.desk.papers_draft import described, described_draft, proposed_fields
from bot.desk.papers_line import current_of
from bot.desk.papers_listing import DocumentRow, ListQuery, listing_of
from bot.desk.papers_model import OPEN, OVER, Paper, PaperRefused, Stage, safe_name
from bot.desk.rights import Action
from ingest.errors import BadMetadata, IngestError
from ingest.sync import document_key
from knowledge.errors import KnowledgeError
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.desk.papers_shelf import PaperShelf
    from bot.desk.papers_staging import Incoming
    from bot.desk.views import Seat
    from knowledge.history import StoredVersion
    from knowledge.model import Audience, DocumentDraft, Original
    from knowledge.version_diff import VersionDiff

COLLECTION: Final = "tep"  # of documents added one by one, here and by `binhan ingest add`
_ALIKE_LIMIT: Final = 8  # documents offered as "this is a new edition of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    A paper to be decided on.

    `fields` are its values by name with where they were read; `current` is the edition that answers now and
    `diff` what the paper would change in it, both None for a new document. `rivals` are other papers that
    wait for the same place, `alike` published documents that it may be an edition of, `next_id` the one that
    has waited longest beside this one, "" if none does.
    """

    paper: Paper
    draft: DocumentDraft
    fields: Mapping[str, tuple[str, str]]
    current: StoredVersion | None = None
    diff: VersionDiff | None = None
    rivals: tuple[Paper, ...] = ()
    alike: tuple[DocumentRow, ...] = ()
    next_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor confirms of a paper; `answered_for` are codes of grave findings, `key` its place."""

    fields: Mapping[str, str]
    audience: Audience
    key: str = ""
    answered_for: tuple[str, ...] = ()
    on: int = 0


class WaitingPapers(PaperRoom):
    """The half of the documents' desk that brings in."""

    def begin(self, seat: Seat, raw_name: str) -> Incoming:
        """A file comes; its bytes go into what is returned. PaperRefused, NoRoom."""
        self.check_editor(seat)
        self.shelf()
        name = safe_name(raw_name)
        if not name:
            raise PaperRefused("no_name")
        return self.staging.begin(
            name=name, key=document_key(COLLECTION, name), unit=seat.unit, officer=seat.officer.id
        )

    def arrived(self, seat: Seat, paper: Paper) -> None:
        """Its bytes are all there: it is read as soon as those before it are."""
        self.desk.log(seat, "paper_in", paper.id)
        self.line.tick()

    def not_taken(self, seat: Seat, raw_name: str, error: IngestError) -> Paper:
        """Remember why a file was not taken, so that the page can say it by name."""
        name = safe_name(raw_name) or "?"
        return self.staging.refused(
            name=name,
            key=document_key(COLLECTION, name),
            unit=seat.unit,
            officer=seat.officer.id,
            error=error.code,
            fields=dict(error.fields),
        )

    # waiting

    def papers(self, seat: Seat) -> list[Paper]:
        """What waits and what became of it: of the own unit, for editors of all; the newest first."""
        self.desk.admit(seat, Action.PAPERS)
        sees_all = self.is_editor(seat)
        return [paper for paper in self.staging.papers() if sees_all or paper.unit == seat.unit]

    def sheet(self, seat: Seat, paper_id: str) -> Sheet:
        """A paper to be decided on, for editors."""
        self.check_editor(seat)
        paper = self._open_paper(paper_id)
        shelf = self.shelf()
        read = self.staging.draft(paper)
        current = current_of(shelf.papers, paper.key)
        proposed = proposed_fields(
            described_draft(read, replace(paper, described=None)), current.meta if current else None
        )
        fields = proposed
        if (said := paper.described) is not None:
            fields = {
                name: (said.get(name, ""), origin if said.get(name, "") == value else "")
                for name, (value, origin) in proposed.items()
            }
        draft = _as_shown(read, paper, fields)
        return Sheet(
            paper=paper,
            draft=draft,
            fields=fields,
            current=current,
            diff=shelf.papers.preview(draft) if current else None,
            rivals=self._rivals(paper),
            alike=self._alike(shelf, paper, draft),
            next_id=self._next(paper),
        )

    def describe(self, seat: Seat, paper_id: str, decision: Decision) -> Paper:
        """
        Keep what the editor put right, and look through it again: for others, other things matter.

        Raises:
            BadMetadata, PaperRefused: A value does not fit; what was kept before stays.
        """
        self.check_editor(seat)
        paper = self._open_paper(paper_id)
        draft = self.staging.draft(paper)
        described(draft.meta, decision.fields)
        shelf = self.shelf()
        key = self._key_of(shelf, paper, decision.key)
        changed = self._change(
            paper, described=dict(decision.fields), audience=decision.audience, key=key, error="", fields={}
        )
        ready = described_draft(draft, changed)
        current = current_of(shelf.papers, key)
        return self._change(
            changed,
            title=ready.meta.title,
            flags=shelf.papers.judge(ready, self.staging.file(paper)),
            public_flags=(),
            on=current.edition if current else 0,
        )

    def publish(self, seat: Seat, paper_id: str, decision: Decision) -> Paper:
        """
        Say that a paper is to be published as *decision* says; the line does it, and it survives a restart.

        Raises:
            ActionRefused: `reason` paper_overtaken: another edition answers now than was shown; paper_grave:
                something grave is left that nobody answers for.
        """
        paper = self.describe(seat, paper_id, decision)
        if paper.on != decision.on:
            raise ActionRefused(reason="paper_overtaken")
        missing = {flag.code.value for flag in paper.grave} - set(decision.answered_for)
        if missing:
            raise ActionRefused(reason="paper_grave")
        self.desk.log(seat, Action.PUBLISH_PAPER, f"{paper.id}:{digest(paper.key)}")
        sent = self._change(
            paper, stage=Stage.PUBLISHING, by=who(seat), answered_for=tuple(sorted(decision.answered_for))
        )
        self.line.tick()
        return sent

    def discard(self, seat: Seat, paper_id: str) -> None:
        """Throw away a paper, or the row of one that is over."""
        self.check_editor(seat)
        paper = self.staging.paper(paper_id)
        if paper is None or paper.stage not in OPEN | OVER | {Stage.WAITING}:
            raise ActionRefused(reason="unknown_paper")
        self.desk.log(seat, "discard_paper", paper.id)
        with _held_too():
            shelf = self.shelf_here()
            if paper.stage is Stage.HELD and shelf is not None:
                shelf.papers.refuse(paper.key)
        self.staging.drop(paper.id)

    def clear_over(self, seat: Seat) -> None:
        """Take the rows of what is published or refused off the list."""
        self.check_editor(seat)
        for paper in self.staging.papers():
            if paper.stage in OVER:
                self.staging.drop(paper.id)

    def staged_original(self, seat: Seat, paper_id: str) -> tuple[Original | None, str, Path]:
        """The file of a paper that waits: what it is, its name, where."""
        self.check_editor(seat)
        paper = self._open_paper(paper_id)
        return self.staging.draft(paper).original, paper.name.rpartition("/")[2], self.staging.file(paper)

    def _open_paper(self, paper_id: str) -> Paper:
        paper = self.staging.paper(paper_id)
        if paper is None or paper.stage not in OPEN:
            raise ActionRefused(reason="unknown_paper")
        return paper

    def _change(self, paper: Paper, **changes: object) -> Paper:
        changed = self.staging.change(paper.id, OPEN, **changes)
        if changed is None:  # somebody published it or threw it away meanwhile
            raise ActionRefused(reason="unknown_paper")
        return changed

    def _next(self, paper: Paper) -> str:
        waiting = (one.id for one in reversed(self.staging.papers()) if one.stage is Stage.READY)
        return next((one for one in waiting if one != paper.id), "")

    def _rivals(self, paper: Paper) -> tuple[Paper, ...]:
        others = (one for one in self.staging.papers() if one.key == paper.key and one.id != paper.id)
        return tuple(one for one in others if one.stage not in OVER)

    def _alike(self, shelf: PaperShelf, paper: Paper, draft: DocumentDraft) -> tuple[DocumentRow, ...]:
        """Documents of the same số hiệu or title, under another key."""
        wanted = {text for text in (draft.meta.number.casefold(), draft.meta.title.casefold()) if text}
        rows: Sequence[DocumentRow] = listing_of(shelf, ListQuery(limit=0)).rows
        return tuple(
            row
            for row in rows
            if row.key != paper.key and wanted & {row.meta.number.casefold(), row.meta.title.casefold()}
        )[:_ALIKE_LIMIT]

    def _key_of(self, shelf: PaperShelf, paper: Paper, wanted: str) -> str:
        """The key a paper shall have: its own, or one of a published document that is no guide."""
        own = document_key(COLLECTION, paper.name)
        if wanted in {"", own, paper.key}:
            return wanted or paper.key
        if wanted.startswith("guide:") or current_of(shelf.papers, wanted) is None:
            raise ActionRefused(reason="unknown_paper")
        return wanted


def _as_shown(read: DocumentDraft, paper: Paper, fields: Mapping[str, tuple[str, str]]) -> DocumentDraft:
    """The draft as it is published if the editor confirms what the form shows."""
    shown = {name: value for name, (value, _) in fields.items()}
    try:
        return described_draft(read, replace(paper, described=shown))
    except (BadMetadata, PaperRefused):  # the text says what no field takes: the editor is told on confirming
        return described_draft(read, paper)


@contextmanager
def _held_too() -> Iterator[None]:
    """The book of trust may not know it any more, or be out of reach: the paper goes away all the same."""
    try:
        yield
    except (KnowledgeError, IngestError):
        return
