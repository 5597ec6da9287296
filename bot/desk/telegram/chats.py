"""Which group is which unit's, under its number of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desk.records.chats import ChatState
    from tips.units import UnitBook

_HOPS = 10  # a group moves once; more is a circle that somebody made by hand


class AdminChats:
    """The groups of all units. A group that became a supergroup is known by both its numbers."""

    def __init__(self, book: UnitBook) -> None:
        self._units = {chat: unit.id for unit in book.units for chat in unit.admin_chats}
        self._moved: dict[int, int] = {}

    def remember(self, states: Iterable[ChatState]) -> None:
        """Take in what the records know of moves."""
        self._moved |= {state.chat: state.moved_to for state in states if state.moved_to}

    def moved(self, old: int, new: int) -> None:
        """A group has another number now."""
        if old != new:
            self._moved[old] = new

    def now(self) -> dict[int, str]:
        """Every group by its number of today, and its unit; of two that became one, the first in the book."""
        found: dict[int, str] = {}
        for chat, unit in self._units.items():
            found.setdefault(self.latest(chat), unit)
        return found

    def unit_of(self, chat: int) -> str:
        """The unit of a group, under any of its numbers; "" for a chat that is no unit's."""
        return self.now().get(self.latest(chat), "")

    def latest(self, chat: int) -> int:
        """The number of today of a group that may have moved."""
        for _ in range(_HOPS):
            if chat not in self._moved:
                break
            chat = self._moved[chat]
        return chat
