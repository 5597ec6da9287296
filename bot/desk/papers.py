"""
The editor's documents at the desk: uploads, what they become, publishing, taking back.

Everybody at the desk may look at what is published, and at what their own unit brought in; whoever changes
anything has to be an editor, asked of the book of units at every step and once more before a paper is
published. What is done is in the desk's audit log, by digest: file names are words that somebody typed.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.desk.papers_draft import described, described_draft, proposed_fields
from bot.desk.papers_line import current_of
from bot.desk.papers_listing import DocumentRow, Listing, ListQuery, listing_of
from bot.desk.papers_model import OPEN, OVER, Paper, PaperRefused, Stage, safe_name
from bot.desk.rights import Action
from ingest.errors import IngestError
from ingest.sync import document_key
from knowledge.errors import DocumentNotFound, KnowledgeError, VersionNotFound
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.desk.desk import Desk
    from bot.desk.papers_line import PaperLine
    from bot.desk.papers_shelf import PaperShelf
    from bot.desk.papers_staging import Incoming, Staging
    from bot.desk.views import Seat
    from ingest.trust.book import Waiting
    from knowledge.history import History, StoredVersion
    from knowledge.model import Audience, DocumentDraft, Original, Passage
    from knowledge.version_diff import VersionDiff
    from tips.units import UnitBook

COLLECTION: Final = "tep"  # of documents added one by one, here and by `binhan ingest add`
_ALIKE_LIMIT: Final = 8  # documents offered as "this is a new edition of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    A paper to be decided on.

    `fields` are its values by name with where they were read; `current` is the edition that answers now and
    `diff` what the paper would change in it, both None for a new document. `rivals` are other papers that
    wait for the same place, `alike` published documents that it may be an edition of.
    """

    paper: Paper
    draft: DocumentDraft
    fields: Mapping[str, tuple[str, str]]
    current: StoredVersion | None = None
    diff: VersionDiff | None = None
    rivals: tuple[Paper, ...] = ()
    alike: tuple[DocumentRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor confirms of a paper; `answered_for` are codes of grave findings, `key` its place."""

    fields: Mapping[str, str]
    audience: Audience
    key: str = ""
    answered_for: tuple[str, ...] = ()
    on: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """One published or withdrawn document with its editions."""

    row: DocumentRow
    history: History
    edition: int  # whose passages are shown
    passages: tuple[Passage, ...]
    original: Original | None


class PaperDesk:
    """
    The documents at one desk. Safe to share between threads.

    Every method raises ActionRefused, KnowledgeError (the library) or IngestError (a file).
    """

    def __init__(
        self,
        desk: Desk,
        book: UnitBook,
        *,
        staging: Staging,
        line: PaperLine,
        shelf: Callable[[], PaperShelf | None],
    ) -> None:
        self._desk = desk
        self._book = book
        self._staging = staging
        self._line = line
        self._shelf_here = shelf

    # who

    def is_editor(self, seat: Seat) -> bool:
        """Whether the officer may change documents, as the book says now."""
        return may_edit(self._book, who(seat))

    def check_editor(self, seat: Seat) -> None:
        """ActionRefused unless the officer is an editor; a refusal is in the log."""
        self._desk.admit(seat, Action.PUBLISH_PAPER)

    def has_library(self) -> bool:
        """Whether documents can be added from this machine now."""
        return self._shelf_here() is not None

    # coming in

    def begin(self, seat: Seat, raw_name: str) -> Incoming:
        """A file comes; its bytes go into what is returned. PaperRefused, NoRoom."""
        self.check_editor(seat)
        self._shelf()
        name = safe_name(raw_name)
        if not name:
            raise PaperRefused("no_name")
        return self._staging.begin(
            name=name, key=document_key(COLLECTION, name), unit=seat.unit, officer=seat.officer.id
        )

    def arrived(self, seat: Seat, paper: Paper) -> None:
        """Its bytes are all there: it is read as soon as those before it are."""
        self._desk.log(seat, "paper_in", paper.id)
        self._line.tick()

    def not_taken(self, seat: Seat, raw_name: str, error: IngestError) -> Paper:
        """Remember why a file was not taken, so that the page can say it by name."""
        name = safe_name(raw_name) or "?"
        return self._staging.refused(
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
        self._desk.admit(seat, Action.PAPERS)
        sees_all = self.is_editor(seat)
        return [paper for paper in self._staging.papers() if sees_all or paper.unit == seat.unit]

    def sheet(self, seat: Seat, paper_id: str) -> Sheet:
        """A paper to be decided on, for editors."""
        self.check_editor(seat)
        paper = self._open_paper(paper_id)
        shelf = self._shelf()
        read = self._staging.draft(paper)
        draft = described_draft(read, paper)
        proposed = proposed_fields(described_draft(read, replace(paper, described=None)))
        fields = proposed
        if paper.described is not None:
            said = paper.described
            fields = {
                name: (said.get(name, ""), origin if said.get(name, "") == value else "")
                for name, (value, origin) in proposed.items()
            }
        current = current_of(shelf.papers, paper.key)
        return Sheet(
            paper=paper,
            draft=draft,
            fields=fields,
            current=current,
            diff=shelf.papers.preview(draft) if current else None,
            rivals=self._rivals(paper),
            alike=self._alike(shelf, paper, draft),
        )

    def describe(self, seat: Seat, paper_id: str, decision: Decision) -> Paper:
        """
        Keep what the editor put right, and look through it again: for others, other things matter.

        Raises:
            BadMetadata, PaperRefused: A value does not fit; what was kept before stays.
        """
        self.check_editor(seat)
        paper = self._open_paper(paper_id)
        draft = self._staging.draft(paper)
        described(draft.meta, decision.fields)
        shelf = self._shelf()
        key = self._key_of(shelf, paper, decision.key)
        changed = self._change(
            paper, described=dict(decision.fields), audience=decision.audience, key=key, error="", fields={}
        )
        ready = described_draft(draft, changed)
        current = current_of(shelf.papers, key)
        return self._change(
            changed,
            title=ready.meta.title,
            flags=shelf.papers.judge(ready, self._staging.file(paper)),
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
        self._desk.log(seat, Action.PUBLISH_PAPER, f"{paper.id}:{digest(paper.key)}")
        sent = self._change(
            paper, stage=Stage.PUBLISHING, by=who(seat), answered_for=tuple(sorted(decision.answered_for))
        )
        self._line.tick()
        return sent

    def discard(self, seat: Seat, paper_id: str) -> None:
        """Throw away a paper, or the row of one that is over."""
        self.check_editor(seat)
        paper = self._staging.paper(paper_id)
        if paper is None or paper.stage not in OPEN | OVER | {Stage.WAITING}:
            raise ActionRefused(reason="unknown_paper")
        self._desk.log(seat, "discard_paper", paper.id)
        with _held_too():
            shelf = self._shelf_here()
            if paper.stage is Stage.HELD and shelf is not None:
                shelf.papers.refuse(paper.key)
        self._staging.drop(paper.id)

    def clear_over(self, seat: Seat) -> None:
        """Take the rows of what is published or refused off the list."""
        self.check_editor(seat)
        for paper in self._staging.papers():
            if paper.stage in OVER:
                self._staging.drop(paper.id)

    # published

    def documents(self, seat: Seat, query: ListQuery) -> Listing:
        """The documents that match *query*."""
        self._desk.admit(seat, Action.PAPERS)
        return listing_of(self._shelf(), query)

    def document(self, seat: Seat, key: str, edition: int | None = None) -> DocumentView:
        """One document, as it answers or as *edition* of it did. ActionRefused(reason=unknown_paper)."""
        self._desk.admit(seat, Action.PAPERS)
        shelf = self._shelf()
        with _known():
            history = shelf.papers.history(key)
            row = next(row for row in listing_of(shelf, ListQuery(key=key)).rows if row.state != "held")
            shown = edition or row.edition
            version = next(one for one in history.versions if one.edition == shown)
            passages = tuple(shelf.workplace.version_passages(key, shown))
        return DocumentView(
            row=row, history=history, edition=shown, passages=passages, original=version.original
        )

    def difference(self, seat: Seat, key: str, older: int, newer: int) -> VersionDiff:
        """What *newer* changed in *older*."""
        self._desk.admit(seat, Action.PAPERS)
        with _known():
            return self._shelf().papers.diff(key, older, newer)

    def original(self, seat: Seat, key: str, edition: int) -> tuple[Original, Path]:
        """The file that an edition was read from."""
        self._desk.admit(seat, Action.PAPERS)
        with _known():
            found = self._shelf().papers.original(key, edition)
        if found is None:
            raise ActionRefused(reason="unknown_paper")
        return found

    def staged_original(self, seat: Seat, paper_id: str) -> tuple[Original | None, str, Path]:
        """The file of a paper that waits: what it is, its name, where."""
        self.check_editor(seat)
        paper = self._open_paper(paper_id)
        return self._staging.draft(paper).original, paper.name.rpartition("/")[2], self._staging.file(paper)

    def held(self, seat: Seat, key: str) -> Waiting:
        """A document that the gate holds back, for editors: it may hold what nobody else should read."""
        self.check_editor(seat)
        found = next((item for item in self._shelf().papers.held() if item.draft.meta.key == key), None)
        if found is None:
            raise ActionRefused(reason="unknown_paper")
        return found

    def accept(self, seat: Seat, key: str) -> bool:
        """Let a held document in, without its traps; False where nothing is left of it then."""
        with self._changing(seat, Action.PUBLISH_PAPER, key) as shelf:
            return shelf.papers.accept(key, who(seat)) is not None

    def refuse(self, seat: Seat, key: str) -> None:
        """Throw a held document away; what answers under its key stays."""
        with self._changing(seat, "discard_paper", key) as shelf:
            shelf.papers.refuse(key)

    def withdraw(self, seat: Seat, key: str, *, on: int) -> tuple[str, ...]:
        """Take a document out of the answers; it can come back. Gives the copies that answer in its place."""
        with self._changing(seat, "withdraw_paper", key, on=on) as shelf:
            return shelf.papers.withdraw(key, who(seat))

    def restore(self, seat: Seat, key: str) -> int:
        """Let a withdrawn document answer again."""
        with self._changing(seat, "restore_paper", key) as shelf:
            return shelf.papers.restore(key, who(seat))

    def roll_back(self, seat: Seat, key: str, edition: int, *, on: int) -> None:
        """Let an earlier edition answer again."""
        with self._changing(seat, "roll_back_paper", key, on=on, edition=edition) as shelf:
            shelf.papers.roll_back(key, edition, who(seat))

    # within

    @contextmanager
    def _changing(
        self, seat: Seat, action: str, key: str, *, on: int | None = None, edition: int = 0
    ) -> Iterator[PaperShelf]:
        """Do something with a published document; a failure after what was logged is a second entry."""
        self.check_editor(seat)
        shelf, detail = self._shelf(), f"{digest(key)}:{edition}"
        with _known():
            if on is not None and (shelf.papers.history(key).current or 0) != on:
                raise ActionRefused(reason="paper_overtaken")
        self._desk.log(seat, action, detail)
        try:
            with _known():
                yield shelf
                shelf.papers.finish()
        except (ActionRefused, KnowledgeError) as error:
            reason = error.fields["reason"] if isinstance(error, ActionRefused) else error.code
            self._desk.log(seat, action, detail, refused=reason)
            raise

    def _shelf(self) -> PaperShelf:
        shelf = self._shelf_here()
        if shelf is None:
            raise ActionRefused(reason="papers_elsewhere")
        return shelf

    def _open_paper(self, paper_id: str) -> Paper:
        paper = self._staging.paper(paper_id)
        if paper is None or paper.stage not in OPEN:
            raise ActionRefused(reason="unknown_paper")
        return paper

    def _change(self, paper: Paper, **changes: object) -> Paper:
        changed = self._staging.change(paper.id, OPEN, **changes)
        if changed is None:  # somebody published it or threw it away meanwhile
            raise ActionRefused(reason="unknown_paper")
        return changed

    def _rivals(self, paper: Paper) -> tuple[Paper, ...]:
        others = (one for one in self._staging.papers() if one.key == paper.key and one.id != paper.id)
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


def who(seat: Seat) -> str:
    """`unit/officer`, as the library notes who did it."""
    return f"{seat.unit}/{seat.officer.id}"


def may_edit(book: UnitBook, name: str) -> bool:
    """Whether `unit/officer` is an editor, as the book says now."""
    unit, _, officer_id = name.partition("/")
    officers = book.unit(unit).officers if unit in book else ()
    return any(officer.id == officer_id and officer.is_editor for officer in officers)


def digest(key: str) -> str:
    """What the audit log calls a document: its key holds a name that somebody typed."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


@contextmanager
def _known() -> Iterator[None]:
    """What is not there, in the desk's words."""
    try:
        yield
    except (DocumentNotFound, VersionNotFound, StopIteration):
        raise ActionRefused(reason="unknown_paper") from None


@contextmanager
def _held_too() -> Iterator[None]:
    """The book of trust may not know it any more, or be out of reach: the paper goes away all the same."""
    try:
        yield
    except (KnowledgeError, IngestError):
        return
