"""The cards of each unit as they stand now, asked for once for many readers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.desk.desk import Desk
    from bot.desk.views import BoardCard

_GOOD_FOR = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All cards of a unit, in the desk's order."""

    taken: datetime
    cards: Mapping[str, BoardCard]  # by tip_id

    @property
    def references(self) -> dict[str, str]:
        """The reference of each tip, by tip_id."""
        return {tip_id: hung.card.reference for tip_id, hung in self.cards.items()}


class Boards:
    """Remembers each unit's board for two seconds, or until somebody changes something."""

    def __init__(self, desk: Desk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._now = now
        self._known: dict[str, Board] = {}

    async def of(self, unit: str) -> Board:
        """
        The board of *unit*.

        Raises:
            ActionRefused: `reason` locked.
            TipStoreUnavailable: A database is out of reach.
        """
        board, now = self._known.get(unit), self._now()
        if board is None or not board.taken <= now < board.taken + _GOOD_FOR:
            hung = await asyncio.to_thread(self._desk.board, unit)
            board = Board(taken=now, cards={each.card.tip_id: each for each in hung})
            self._known[unit] = board
        return board

    def known(self, unit: str) -> Board | None:
        """The board as it was asked for last, however long ago."""
        return self._known.get(unit)

    def forget(self) -> None:
        """Something was changed: the next one is asked for anew."""
        self._known.clear()
