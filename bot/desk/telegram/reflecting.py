"""Compares what the desk says with what the groups show, and notes what has to be done about it."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from tips.errors import ActionRefused, TipError
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.desk.records.chats import Post
    from bot.desk.telegram.boards import Board
    from bot.desk.telegram.ground import Ground
    from bot.desk.telegram.lane import Lane
    from bot.desk.telegram.posting import Cards
    from bot.desk.views import BoardCard

_LOG = logging.getLogger(__name__)
_SHARE: Final = 20  # looking takes at most this part of the time


class Reflection:
    """Sees to it that every group shows its unit's board."""

    def __init__(self, ground: Ground, *, cards: Cards) -> None:
        self._desk = ground.desk
        self._records = ground.records
        self._boards = ground.boards
        self._cards = cards
        self._now = ground.now
        self._settings = ground.settings

    async def run(self, lanes: Mapping[Lane, str]) -> None:
        """Look at every group's unit, for ever. *lanes*: the unit of each."""
        while True:
            started = time.monotonic()
            for lane, unit in lanes.items():
                try:
                    await self.look(lane, unit)
                except TipError as error:
                    _LOG.warning("admin chat: %s", error.code)
                except Exception as error:  # noqa: BLE001 - the next look may succeed; its words stay here
                    _LOG.error("admin chat: %s", type(error).__name__)
            took = time.monotonic() - started
            await asyncio.sleep(max(self._settings.look_every_s, took * _SHARE))

    async def look(self, lane: Lane, unit: str) -> None:
        """Note which cards of one group say something else than the desk."""
        chat = lane.chat
        await self._remind(lane)
        self._boards.forget()
        try:
            board = await self._boards.of(unit)
        except ActionRefused:  # locked: nothing can be read, so nothing can be compared
            return
        stale = await asyncio.to_thread(self._stale, chat, unit, board)
        for tip_id in stale:
            await asyncio.to_thread(self._records.ask_for, chat, "card", tip_id, due=self._hour())
        if stale:
            lane.look()

    def _stale(self, chat: int, unit: str, board: Board) -> list[str]:
        """The tips whose cards have to change and do not wait for it yet, in the board's order."""
        posts, asked = self._records.posts(chat), self._records.asked_for(chat, "card")
        stale = [
            tip_id
            for tip_id, hung in board.cards.items()
            if tip_id not in asked and self._differs(unit, hung, board, posts.get(tip_id))
        ]
        return stale + [tip_id for tip_id in posts if tip_id not in board.cards and tip_id not in asked]

    def _differs(self, unit: str, hung: BoardCard, board: Board, post: Post | None) -> bool:
        is_over = self._cards.is_over(hung)
        if post is None or not post.message:
            return post is not None or not is_over
        return (
            post.digest != self._desk.fingerprint(unit, self._cards.face(hung, board))
            or (hung.card.has_news and not post.has_news)
            or (post.topic != 0 and post.is_closed is not is_over)
        )

    async def _remind(self, lane: Lane) -> None:
        """Once a day, in the morning; or when we come back, if that is by day."""
        local = self._now().astimezone(VIETNAM)
        if not self._settings.remind_from_hour <= local.hour < self._settings.remind_until_hour:
            return
        today = local.date().isoformat()
        state = await asyncio.to_thread(self._records.state, lane.chat)
        if state.reminded != today:
            await asyncio.to_thread(self._ask_to_remind, lane.chat, today)
            lane.look()

    def _ask_to_remind(self, chat: int, today: str) -> None:
        if not self._records.asked_for(chat, "reminder"):
            self._records.ask_for(chat, "reminder", argument=today, due=self._hour())

    def _hour(self) -> datetime:
        """Now, rounded down: the moment a card is asked for is about the one a tip came."""
        return self._now().replace(minute=0, second=0, microsecond=0)
