"""The public side of Telegram: private chats and groups. Translates, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.telegram.chats import Rooms

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.channels.telegram.groups import Groups
    from bot.channels.telegram.private import Private
    from bot.telegram.model import Arrived


class TelegramChannel:
    """Fills `bot.telegram.ports.Receiver` for everybody but officers."""

    def __init__(self, private: Private, groups: Groups, *, admin_chats: Collection[int] = ()) -> None:
        self._private = private
        self._groups = groups
        self._admin_chats = frozenset(admin_chats)  # never answered here, whoever serves them
        self._rooms = Rooms()

    def wants(self, arrived: Arrived) -> bool:
        """Private chats, and groups that are no officers' chat."""
        return arrived.chat_kind != "channel" and arrived.chat != 0 and arrived.chat not in self._admin_chats

    def sweep(self) -> None:
        """Let go of what was typed in chats that are silent; to be called every minute."""
        self._rooms.sweep(self._private.is_talking)

    async def handle(self, together: Sequence[Arrived]) -> None:
        """Answer what came; bots are not answered."""
        first = together[0]
        if first.is_bot and first.sender:
            return
        if first.chat_kind != "private":
            await self._groups.handle(first)
        elif first.kind == "membership":
            if first.member_status in {"kicked", "left"}:
                self._rooms.drop(first.chat)  # blocked
        elif first.sender == first.chat:  # as it always is; what a member sees never goes to another chat
            await self._private.handle(self._rooms.of(first.chat), together)
