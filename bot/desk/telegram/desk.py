"""
The officers' admin chats: the same desk as in the browser, in a group of each unit.

A receiver of updates beside the public channel's, on the same bot or on one of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Final

from bot.desk.telegram.boards import Boards
from bot.desk.telegram.chats import AdminChats
from bot.desk.telegram.commands import Commands
from bot.desk.telegram.doors import Doors
from bot.desk.telegram.errands import GroupClerk
from bot.desk.telegram.flows import Flows
from bot.desk.telegram.gaps import GapTalk
from bot.desk.telegram.ground import Ground
from bot.desk.telegram.lane import Lane
from bot.desk.telegram.messages import Messages
from bot.desk.telegram.posting import Cards
from bot.desk.telegram.presses import Presses
from bot.desk.telegram.reflecting import Reflection
from bot.desk.telegram.settings import ChatSettings
from bot.desk.telegram.showing import Showing
from bot.desk.telegram.walking import Walk
from tips.errors import TipStoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.desk.desk import Desk
    from bot.desk.gaps import GapDesk
    from bot.desk.records.chats import ChatRecords
    from bot.telegram.model import Arrived
    from bot.telegram.ports import Telegram
    from tips.units import UnitBook

_LOG = logging.getLogger(__name__)
_REMEMBERED: Final = 2_000  # updates that were handled: Telegram may send one again


class TelegramDesk:
    """The admin chats of one installation. To be used from one event loop."""

    def __init__(  # noqa: PLR0913 - one port each
        self,
        *,
        telegram: Telegram,
        desk: Desk,
        chats: ChatRecords,
        book: UnitBook,
        now: Callable[[], datetime],
        settings: ChatSettings | None = None,
        gaps: GapDesk | None = None,
    ) -> None:
        """
        Build it; nothing is asked of Telegram yet.

        Args:
            telegram: The bot that sits in the groups.
            desk: The officers' functions.
            chats: What is kept of the groups.
            book: Units, with their groups and officers.
            now: The clock, with its zone.
            settings: How the groups behave.
            gaps: What residents asked in vain; without it the groups do not speak of that.

        Raises:
            TipStoreUnavailable: What is kept of the groups cannot be read.
        """
        self._ground = Ground(
            telegram=telegram,
            desk=desk,
            records=chats,
            boards=Boards(desk, now),
            book=book,
            now=now,
            settings=settings or ChatSettings(),
            gaps=gaps,
        )
        self.wording = self._ground.wording
        self._chats = AdminChats(book)
        self._handled: deque[int] = deque(maxlen=_REMEMBERED)
        self._doors = Doors(self._ground)
        self._cards = Cards(self._ground)
        self._showing = Showing(self._ground, doors=self._doors)
        self._talk = GapTalk(self._ground, gaps) if gaps is not None else None
        self._reflection = Reflection(self._ground, cards=self._cards)
        flows = Flows(now, self._ground.settings.flow_minutes)
        walk = Walk(self._ground, flows=flows)
        self._presses = Presses(
            self._ground, doors=self._doors, flows=flows, walk=walk, showing=self._showing, gaps=self._talk
        )
        self._messages = Messages(
            self._ground,
            doors=self._doors,
            flows=flows,
            walk=walk,
            presses=self._presses,
            commands=Commands(self._ground, self._talk),
            gaps=self._talk,
        )
        states = chats.states()
        self._chats.remember(states)
        troubles = {state.chat: state.trouble for state in states}
        self.lanes = {
            self._make_lane(chat, unit, troubles.get(chat, "")): unit
            for chat, unit in self._chats.now().items()
        }

    def wants(self, arrived: Arrived) -> bool:
        """Whether it happened in an admin chat."""
        return self._chats.unit_of(arrived.chat) != ""

    async def handle(self, together: Sequence[Arrived]) -> None:
        """Handle what happened; see `Receiver`."""
        for arrived in together:
            if arrived.update_id in self._handled:
                continue
            try:
                await self._handle(arrived)
            except TipStoreUnavailable:  # what it was about is told where somebody pressed
                _LOG.warning("admin chat: %s", TipStoreUnavailable.code)
            self._handled.append(arrived.update_id)

    async def run(self) -> None:
        """Show what happens at the desk, send what waits, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._reflection.run(self.lanes))
            for lane in self.lanes:
                group.create_task(lane.run())

    async def reflect(self) -> None:
        """Look once for what has changed at the desk. `run` does so by itself."""
        for lane, unit in self.lanes.items():
            await self._reflection.look(lane, unit)

    def troubles(self) -> dict[str, str]:
        """
        Why a unit's group cannot be written to, by unit; empty where all is well.

        A reason of `bot.telegram.errors`, or bad_token.
        """
        return {unit: lane.trouble for lane, unit in self.lanes.items() if lane.trouble}

    def _make_lane(self, chat: int, unit: str, trouble: str) -> Lane:
        ground = self._ground
        return Lane(
            chat,
            records=ground.records,
            clerk=GroupClerk(unit, ground, cards=self._cards, showing=self._showing, gaps=self._talk),
            now=ground.now,
            per_minute=ground.settings.per_minute,
            on_move=self._chats.moved,
            trouble=trouble,
        )

    async def _handle(self, arrived: Arrived) -> None:
        unit, lane = self._chats.unit_of(arrived.chat), self._lane(arrived.chat)
        if lane is None:
            return
        if arrived.moved_to:
            await lane.move(arrived.moved_to)
        elif arrived.kind == "membership":
            self._doors.forget(arrived.member)
            self._cards.forget_rights(arrived.chat)
            lane.try_now()
        elif arrived.kind == "press":
            await self._presses.handle(arrived, unit, lane)
        elif arrived.kind == "message" and not arrived.is_service and arrived.chat == lane.chat:
            await self._messages.handle(arrived, unit, lane)

    def _lane(self, chat: int) -> Lane | None:
        number = self._chats.latest(chat)
        return next((lane for lane in self.lanes if lane.chat == number), None)
