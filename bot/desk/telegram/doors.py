"""Who presses and writes in an admin chat, asked again every time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.telegram.errors import TelegramAway, TelegramFault, TooFast
from bot.telegram.model import ANONYMOUS_ADMIN
from tips.errors import ActionRefused

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.telegram.ground import Ground
    from bot.desk.views import Seat
    from bot.telegram.model import Arrived, MemberStatus
    from tips.units import Officer, Unit

_PRESENT = frozenset(("creator", "administrator", "member", "restricted"))
_IN_CHARGE = frozenset(("creator", "administrator"))
_REMEMBERED = 1_000


class NotAdmitted(Exception):
    """`reason`: anonymous, absent, unlisted, unasked (Telegram did not say). See `desktg.not_admitted_*`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Doors:
    """Lets officers of a group's unit in, and nobody else."""

    def __init__(self, ground: Ground) -> None:
        self._telegram = ground.telegram
        self._desk = ground.desk
        self._book = ground.book
        self._now = ground.now
        self._remember = timedelta(seconds=ground.settings.membership_s)
        self._known: dict[tuple[int, int], tuple[datetime, MemberStatus]] = {}

    async def seat(self, arrived: Arrived, unit_id: str, *, is_fresh: bool) -> Seat:
        """
        The seat of whoever sent *arrived*, in the unit of that chat.

        Args:
            arrived: A press or a message.
            unit_id: The chat's unit.
            is_fresh: Ask Telegram now, whatever is remembered.

        Raises:
            NotAdmitted: They are no officer of that unit, or not in the chat any more.
            TelegramAway, TooFast: Telegram was not reached, so nobody is let in.
        """
        if arrived.sender in {0, ANONYMOUS_ADMIN} or arrived.is_bot:
            raise NotAdmitted("anonymous")
        status = await self._status(arrived.chat, arrived.sender, is_fresh=is_fresh)
        if status not in _PRESENT:
            raise NotAdmitted("absent")
        officer = _officer(self._book.unit(unit_id), arrived.sender, status)
        if officer is None:
            raise NotAdmitted("unlisted")
        return await self._take(unit_id, officer.id)

    async def seat_again(self, chat: int, unit_id: str, officer_id: str) -> Seat:
        """
        The seat of an officer who was let in before, for what is done only now.

        Raises:
            NotAdmitted: They are no officer of the unit any more, or not in the chat.
        """
        seat = await self._take(unit_id, officer_id)
        account = seat.officer.telegram
        # Whoever tries things out at a trial unit is in no book: they were there when they pressed.
        if account and await self._status(chat, account, is_fresh=True) not in _PRESENT:
            raise NotAdmitted("absent")
        if not account and not self._book.unit(unit_id).is_development:
            raise NotAdmitted("unlisted")
        return seat

    def forget(self, member: int) -> None:
        """Somebody came, left or changed: ask again."""
        for key in [key for key in self._known if key[1] == member]:
            del self._known[key]

    async def _status(self, chat: int, member: int, *, is_fresh: bool) -> MemberStatus:
        now, known = self._now(), self._known.get((chat, member))
        if known and not is_fresh and now - self._remember <= known[0] <= now:
            return known[1]
        self._known.pop((chat, member), None)
        try:
            status = await self._telegram.member_status(chat, member)
        except (TelegramAway, TooFast):
            raise
        except TelegramFault:  # only an administrator is told about others
            raise NotAdmitted("unasked") from None
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[chat, member] = (now, status)
        return status

    async def _take(self, unit_id: str, officer_id: str) -> Seat:
        try:
            return await asyncio.to_thread(self._desk.seat_at_terminal, unit_id, officer_id)
        except ActionRefused:
            raise NotAdmitted("unlisted") from None


def _officer(unit: Unit, account: int, status: MemberStatus) -> Officer | None:
    """The officer who has that account; at a trial unit anybody in the chat may act as one."""
    listed = (officer for officer in unit.officers if officer.telegram == account)
    if (officer := next(listed, None)) is not None or not unit.is_development:
        return officer
    role = "supervisor" if status in _IN_CHARGE else "officer"
    return next((officer for officer in unit.officers if officer.role == role), None)
