"""Telling, once and in one neutral sentence, that a reply is there; and what officers' mutes ask for."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.notices.model import NoticesError
from bot.telegram.errors import TelegramFault, TelegramRefused
from bot.telegram.text import escape
from prompts.catalog import text

if TYPE_CHECKING:
    from bot.notices.notices import Notices
    from bot.telegram.ports import Telegram

_LOG = logging.getLogger(__name__)

EVERY_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """Runs beside the channel."""

    telegram: Telegram
    notices: Notices
    every_s: float = EVERY_S

    async def run(self) -> None:
        """Look for replies now and then, for ever."""
        while True:
            try:
                await self.look()
            except NoticesError as error:
                _LOG.error("notices: %s", type(error).__name__)
            await asyncio.sleep(self.every_s)

    async def look(self) -> None:
        """Tell everybody whose delay is over; what is told is erased, also where nobody can be told."""
        await asyncio.to_thread(self.notices.sweep)
        for due in await asyncio.to_thread(self.notices.due):
            try:
                # Vietnamese for everybody: the language of a chat is not kept.
                await self.telegram.send(int(due.address), escape(text("telegram.notice")))
            except TelegramRefused:
                pass
            except TelegramFault:
                continue  # not reached: another time
            await asyncio.to_thread(self.notices.done, due)
