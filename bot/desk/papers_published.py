"""Documents of the library: the list, one with its editions, taking back and bringing back."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.papers_base import PaperRoom, digest, known, who
from bot.desk.papers_listing import DocumentRow, Listing, ListQuery, listing_of
from bot.desk.rights import Action
from knowledge.errors import KnowledgeError
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.papers_shelf import PaperShelf
    from bot.desk.views import Seat
    from ingest.trust.book import Waiting
    from knowledge.history import History
    from knowledge.model import Original, Passage
    from knowledge.version_diff import VersionDiff


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """One published or withdrawn document with its editions."""

    row: DocumentRow
    history: History
    edition: int  # whose passages are shown
    passages: tuple[Passage, ...]
    original: Original | None


class PublishedPapers(PaperRoom):
    """The half of the documents' desk that looks after what is published."""

    def documents(self, seat: Seat, query: ListQuery) -> Listing:
        """The documents that match *query*."""
        self.desk.admit(seat, Action.PAPERS)
        return listing_of(self.shelf(), query)

    def document(self, seat: Seat, key: str, edition: int | None = None) -> DocumentView:
        """One document, as it answers or as *edition* of it did. ActionRefused(reason=unknown_paper)."""
        self.desk.admit(seat, Action.PAPERS)
        shelf = self.shelf()
        with known():
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
        self.desk.admit(seat, Action.PAPERS)
        with known():
            return self.shelf().papers.diff(key, older, newer)

    def original(self, seat: Seat, key: str, edition: int) -> tuple[Original, Path]:
        """The file that an edition was read from."""
        self.desk.admit(seat, Action.PAPERS)
        with known():
            found = self.shelf().papers.original(key, edition)
        if found is None:
            raise ActionRefused(reason="unknown_paper")
        return found

    def held(self, seat: Seat, key: str) -> Waiting:
        """A document that the gate holds back, for editors: it may hold what nobody else should read."""
        self.check_editor(seat)
        found = next((item for item in self.shelf().papers.held() if item.draft.meta.key == key), None)
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

    @contextmanager
    def _changing(
        self, seat: Seat, action: str, key: str, *, on: int | None = None, edition: int = 0
    ) -> Iterator[PaperShelf]:
        """Do something with a published document; a failure after what was logged is a second entry."""
        self.check_editor(seat)
        shelf, detail = self.shelf(), f"{digest(key)}:{edition}"
        with known():
            if on is not None and (shelf.papers.history(key).current or 0) != on:
                raise ActionRefused(reason="paper_overtaken")
        self.desk.log(seat, action, detail)
        try:
            with known():
                yield shelf
                shelf.papers.finish()
        except (ActionRefused, KnowledgeError) as error:
            reason = error.fields["reason"] if isinstance(error, ActionRefused) else error.code
            self.desk.log(seat, action, detail, refused=reason)
            raise
