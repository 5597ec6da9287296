"""Membership in private: joining by an invitation, being told of it, leaving."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.channels.telegram.chats import Press
from bot.channels.telegram.speaking import Offer
from bot.members.model import MembersError
from bot.members.naming import organisation
from bot.telegram.text import cut
from knowledge.model import Audience
from prompts.catalog import text

if TYPE_CHECKING:
    from bot.channels.telegram.chats import Room
    from bot.channels.telegram.speaking import Speaker
    from bot.members.store import MembersBook

_SHOWN: Final = 60  # characters of an organisation's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Who may see guidance meant for members. Looked up anew each time, so that leaving works at once."""

    book: MembersBook
    speaker: Speaker

    async def audience(self, account: int) -> Audience:
        """What *account* may see; the public's, where nobody can be told."""
        if not account:
            return Audience.PUBLIC
        try:
            return await asyncio.to_thread(self.book.audience_of, account)
        except MembersError:  # out of reach: nobody sees more than the public meanwhile
            return Audience.PUBLIC

    async def join(self, room: Room, account: int, code: str) -> None:
        """Trade an invitation for a membership."""
        try:
            joined = await asyncio.to_thread(self.book.join, account, code)
        except MembersError:
            await self.speaker.say(room, "telegram.members_away")
            return
        if joined is None:
            await self.speaker.say(room, "telegram.code_refused")
        else:
            name = organisation(joined.org, room.language)
            await self.speaker.say(room, "telegram.joined", org=cut(name, _SHOWN))

    async def tell(self, room: Room, account: int) -> None:
        """Whether somebody is a member, and the way out."""
        try:
            found = await asyncio.to_thread(self.book.memberships, account)
        except MembersError:
            await self.speaker.say(room, "telegram.members_away")
            return
        if not found:
            await self.speaker.say(room, "telegram.no_member")
            return
        offers = (
            Offer(label=text("telegram.leave", room.language), press=Press(kind="leave", value="1"), row=1),
            Offer(label=text("telegram.stay", room.language), press=Press(kind="leave"), row=1),
        )
        names = ", ".join(organisation(each.org, room.language) for each in found)
        await self.speaker.say(room, "telegram.is_member", offers, org=cut(names, _SHOWN))

    async def leave(self, room: Room, account: int, *, really: bool) -> None:
        """End a membership, or keep it."""
        if really:
            try:
                await asyncio.to_thread(self.book.leave, account)
            except MembersError:
                await self.speaker.say(room, "telegram.members_away")
                return
        await self.speaker.say(room, "telegram.member_left" if really else "telegram.member_stays")
