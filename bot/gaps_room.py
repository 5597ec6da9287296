"""
The gap loop, built from the settings: where gaps lie, who notes them, who publishes the answers.

The public side notes and publishes, the desk lists and writes; they meet in the database of gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.gaps_publishing import AnswerPublisher
from knowledge.gaps.model import GapsError
from knowledge.gaps.notebook import GapNotebook
from knowledge.gaps.store import GapStore
from tips.times import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings
    from bot.workplace import LocalWorkplace

__all__ = ["GapsError", "GapsFolder", "GapsRoom", "open_gaps"]


@dataclass(frozen=True, slots=True)
class GapsFolder:
    """Where the loop keeps its own, under the data folder."""

    data: Path

    @property
    def database(self) -> Path:
        """The SQLite database, where no other is configured."""
        return self.data / "gaps" / "gaps.sqlite3"

    @property
    def golden(self) -> Path:
        """Questions that have to be answered since an editor answered them, for `binhan eval`."""
        return self.data / "golden-gaps.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsRoom:
    """The loop, open. `notebook` and `publisher` are None on the desk's machine."""

    store: GapStore
    notebook: GapNotebook | None = None
    publisher: AnswerPublisher | None = None

    def tick(self) -> None:
        """What the public side does every few seconds."""
        if self.notebook is not None:
            self.notebook.tick()
        if self.publisher is not None:
            self.publisher.tick()

    def close(self) -> None:
        """Write what waits, and give the database back."""
        if self.notebook is not None:
            self.notebook.write()
        self.store.close()


def open_gaps(
    settings: Settings, workplace: LocalWorkplace | None = None, *, is_trial: bool = False
) -> GapsRoom:
    """
    The gap loop of this process.

    Args:
        settings: Where its database is, and its terms.
        workplace: The library of the public side; None on the desk's machine.
        is_trial: Whoever tries things out asks and looks for it at once.

    Raises:
        GapsUnavailable: Its database cannot be reached.
    """
    url = settings.gaps_database_url.get_secret_value()
    folder = GapsFolder(settings.data)
    store = GapStore.open(url) if url else GapStore.open_file(folder.database)
    if workplace is None:
        return GapsRoom(store=store)
    notebook = GapNotebook(
        store,
        now=utc_now,
        write_minutes=0.0 if is_trial else settings.gaps_write_min,
        retention_days=settings.gaps_retention_days,
    )
    return GapsRoom(
        store=store,
        notebook=notebook if settings.gaps else None,
        publisher=AnswerPublisher(store, workplace, folder.golden),
    )
