"""
The editor's documents, built from the settings: where uploads wait, and how the library is reached.

Where the desk stands beside the library, it is used directly; where it is a process of its own over the same
data folder, through the operator's socket; where there is neither, the page says where documents are added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from bot.desk.papers import PaperDesk
from bot.desk.papers_base import may_edit
from bot.desk.papers_line import PaperLine
from bot.desk.papers_shelf import PaperShelf
from bot.desk.papers_staging import Staging, StagingLimits, StagingTaken
from bot.operator.client import RemoteWorkplace
from bot.papers import Papers
from knowledge.errors import KnowledgeError
from knowledge.folder import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.desk import Desk
    from bot.settings import Settings
    from bot.workplace import Workplace
    from tips.units import UnitBook

__all__ = ["PapersRoom", "StagingTaken", "open_papers"]


@dataclass(slots=True)
class ShelfFinder:
    """The library of this data folder. Safe to share between threads; a service may come and go meanwhile."""

    data: Path
    here: Workplace | None = None
    _remote: RemoteWorkplace | None = None
    _lock: Lock = field(default_factory=Lock)

    def __call__(self) -> PaperShelf | None:
        """The library, or None while nobody holds it open."""
        workplace: Workplace | None = self.here
        if workplace is None:
            with self._lock:
                socket = DataFolder(self.data).socket
                if self._remote is not None and not (socket.exists() and _answers(self._remote)):
                    self._remote.close()
                    self._remote = None
                if self._remote is None:
                    self._remote = RemoteWorkplace.find(socket)
                workplace = self._remote
        return PaperShelf(Papers(workplace, self.data), workplace) if workplace is not None else None

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            if self._remote is not None:
                self._remote.close()
                self._remote = None


def _answers(remote: RemoteWorkplace) -> bool:
    try:
        remote.acts(1)
    except KnowledgeError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersRoom:
    """The documents of one desk, open."""

    papers: PaperDesk
    line: PaperLine
    staging: Staging
    shelf: ShelfFinder

    def tick(self) -> None:
        """What is done by itself: go on with what waits, throw away what is too old."""
        self.line.tick()

    def close(self) -> None:
        """Finish what is being published and give everything back. Before the library is closed."""
        self.line.close()
        self.shelf.close()
        self.staging.close()


def open_papers(
    settings: Settings,
    desk: Desk,
    book: UnitBook,
    workplace: Workplace | None,
    *,
    limits: StagingLimits | None = None,
) -> PapersRoom:
    """
    The documents of this process's desk; what waited when it ended is gone on with.

    Raises:
        StagingTaken: Another desk works in the folder.
    """
    staging = Staging(
        settings.data / "desk" / "papers", now=lambda: datetime.now(tz=UTC), limits=limits or StagingLimits()
    )
    shelf = ShelfFinder(settings.data.resolve(), workplace)

    def papers() -> Papers | None:
        found = shelf()
        return found.papers if found is not None else None

    line = PaperLine(staging, papers, lambda name: may_edit(book, name))
    line.start()
    return PapersRoom(
        papers=PaperDesk(desk, book, staging=staging, line=line, shelf=shelf),
        line=line,
        staging=staging,
        shelf=shelf,
    )
