"""What both halves of the documents' desk share: who asks, where the library is, what the log says."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.desk.rights import Action
from knowledge.errors import DocumentNotFound, VersionNotFound
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.desk.desk import Desk
    from bot.desk.papers_line import PaperLine
    from bot.desk.papers_shelf import PaperShelf
    from bot.desk.papers_staging import Staging
    from bot.desk.views import Seat
    from tips.units import UnitBook


class PaperRoom:
    """The parts of the documents' desk. Every method raises ActionRefused."""

    def __init__(
        self,
        desk: Desk,
        book: UnitBook,
        *,
        staging: Staging,
        line: PaperLine,
        shelf: Callable[[], PaperShelf | None],
    ) -> None:
        self.desk = desk
        self.book = book
        self.staging = staging
        self.line = line
        self.shelf_here = shelf

    def is_editor(self, seat: Seat) -> bool:
        """Whether the officer may change documents, as the book says now."""
        return may_edit(self.book, who(seat))

    def check_editor(self, seat: Seat) -> None:
        """ActionRefused unless the officer is an editor; a refusal is in the log."""
        self.desk.admit(seat, Action.PUBLISH_PAPER)

    def has_library(self) -> bool:
        """Whether documents can be added from this machine now."""
        return self.shelf_here() is not None

    def shelf(self) -> PaperShelf:
        """The library. ActionRefused(reason=papers_elsewhere) where there is none."""
        shelf = self.shelf_here()
        if shelf is None:
            raise ActionRefused(reason="papers_elsewhere")
        return shelf


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
def known() -> Iterator[None]:
    """What is not there, in the desk's words."""
    try:
        yield
    except (DocumentNotFound, VersionNotFound, StopIteration):
        raise ActionRefused(reason="unknown_paper") from None
