"""One bot from its first word to its last: who it is, its menus, its updates, and a clean end."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.telegram.errors import BadToken, TelegramFault
from bot.telegram.feed import Feed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.telegram.gateway import Gateway
    from bot.telegram.ports import Receiver

_LOG = logging.getLogger(__name__)

LONGEST_BACK_OFF_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Commands of one scope and language; *chat* 0: all private chats, or all groups."""

    commands: Mapping[str, str]
    language: str = ""
    chat: int = 0
    in_groups: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What stands in an empty chat, by language ("" for everybody else)."""

    long: str
    short: str
    language: str = ""


class RunningBot:
    """A bot with its receivers, to be run as one task."""

    def __init__(  # noqa: PLR0913 - one thing each
        self,
        gateway: Gateway,
        receivers: Sequence[Receiver],
        *,
        token: str,
        webhook: str = "",
        menus: Sequence[Menu] = (),
        about: Sequence[About] = (),
        beside: Sequence[Callable[[], Awaitable[None]]] = (),
        on_start: Callable[[str], None] = lambda _: None,
        on_trouble: Callable[[TelegramFault], None] = lambda _: None,
    ) -> None:
        """
        Put a bot together.

        Args:
            gateway: Not started yet.
            receivers: Who handles what, the first that wants it.
            token: Only to name the path of the webhook, by its hash.
            webhook: Public address of our server; "": we ask for updates ourselves.
            menus: Commands to offer.
            about: Descriptions.
            beside: What runs as long as the bot does: outboxes, notices.
            on_start: Told the bot's name once it is there.
            on_trouble: Told why it is not, the first time.
        """
        self.gateway = gateway
        self.path = f"/telegram/{hashlib.sha256(token.encode()).hexdigest()[:24]}"
        self.feed = Feed(gateway, receivers)
        self._webhook = f"{webhook.rstrip('/')}{self.path}" if webhook else ""
        self._menus = menus
        self._about = about
        self._beside = beside
        self._on_start = on_start
        self._on_trouble = on_trouble

    async def run(self) -> None:
        """Serve until cancelled; a wrong token ends it, an unreachable Telegram does not."""
        try:
            await self._start()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._introduce())
                for work in self._beside:
                    tasks.create_task(_lasting(work))
                tasks.create_task(
                    self.feed.serve_webhook(self._webhook) if self._webhook else self.feed.poll()
                )
        except* BadToken as group:
            self._on_trouble(
                group.exceptions[0] if isinstance(group.exceptions[0], BadToken) else BadToken("")
            )
        finally:
            await self.gateway.stop()

    async def _start(self) -> None:
        pause = 1.0
        while True:
            try:
                await self.gateway.start()
            except BadToken:
                raise
            except TelegramFault as fault:
                if pause == 1.0:
                    self._on_trouble(fault)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_BACK_OFF_S)
            else:
                self._on_start(self.gateway.username)
                return

    async def _introduce(self) -> None:
        """Menus and descriptions; a server that cannot, or not now, goes without."""
        for menu in self._menus:
            scope = (
                BotCommandScopeChat(menu.chat)
                if menu.chat
                else BotCommandScopeAllGroupChats()
                if menu.in_groups
                else BotCommandScopeAllPrivateChats()
            )
            with suppress(TelegramFault):
                await self.gateway.set_commands(menu.commands, scope, menu.language)
        for about in self._about:
            with suppress(TelegramFault):
                await self.gateway.describe(about.long, about.short, about.language)


async def _lasting(work: Callable[[], Awaitable[None]]) -> None:
    """*work*, begun again after a fault that it did not expect; its words stay here."""
    while True:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - one fault must not end the bot
            _LOG.error("telegram duty: %s", type(error).__name__)
        await asyncio.sleep(1.0)
