"""
What officers opened: sent protected into the tip's topic, and deleted after a while.

Every message is noted for deletion as soon as it was sent, so that a restart forgets none but the one that
was on its way.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.telegram.doors import NotAdmitted
from bot.telegram.errors import TelegramRefused
from bot.telegram.model import Upload
from bot.telegram.text import escape
from tips.errors import TipError, TipNotReceived

if TYPE_CHECKING:
    from bot.desk.records.chats import Errand, Post
    from bot.desk.telegram.doors import Doors
    from bot.desk.telegram.ground import Ground
    from bot.desk.views import FileView, OpenTip, Seat

_MERE_FILE: Final = "application/octet-stream"
_STALE: Final = timedelta(minutes=10)  # the officer who pressed has gone home since


@dataclass(slots=True)
class _Opening:
    """An opening under way, in memory: `done` parts of it have been sent."""

    seat: Seat
    words: tuple[str, ...]
    files: tuple[FileView, ...]
    done: int = 0


class Showing:
    """Shows opened tips."""

    def __init__(self, ground: Ground, *, doors: Doors) -> None:
        self._telegram = ground.telegram
        self._desk = ground.desk
        self._records = ground.records
        self._doors = doors
        self._now = ground.now
        self._wording = ground.wording
        self._shown_for = timedelta(minutes=ground.settings.open_minutes)
        self._under_way: dict[int, _Opening] = {}

    def minutes(self) -> str:
        """For how long, in words."""
        return f"{self._shown_for.total_seconds() / 60:g}"

    async def show(self, chat: int, unit: str, errand: Errand) -> int:
        """
        Open a tip for the officer that *errand* names; gives how many messages that took.

        Who they are and what they may is asked again: between press and delivery may lie an outage.
        """
        if self._now() - errand.due > _STALE:
            self._under_way.pop(errand.number, None)
            return 0
        try:
            seat = await self._doors.seat_again(chat, unit, errand.argument)
        except NotAdmitted:
            self._under_way.pop(errand.number, None)
            return 0
        post = await asyncio.to_thread(self._records.post, chat, errand.tip_id)
        if post is None or not post.message:
            return 0
        opening = self._under_way.get(errand.number)
        if opening is None:
            try:
                tip = await asyncio.to_thread(self._desk.open, seat, errand.tip_id)
            except TipNotReceived:
                raise
            except TipError as error:
                return await self._tell(post, self._wording().fault(error))
            opening = _Opening(seat, self._wording().opened(tip), _files(tip))
            self._under_way[errand.number] = opening
        before = opening.done
        await self._send_rest(post, opening)
        del self._under_way[errand.number]
        return opening.done - before

    async def _send_rest(self, post: Post, opening: _Opening) -> None:
        parts = len(opening.words) + len(opening.files)
        while opening.done < parts:
            if opening.done < len(opening.words):
                message = await self._send(post, opening.words[opening.done])
            else:
                message = await self._upload(post, opening, opening.files[opening.done - len(opening.words)])
            await asyncio.to_thread(
                self._records.ask_for,
                post.chat,
                "delete",
                post.tip_id,
                str(message),
                due=self._now() + self._shown_for,
            )
            opening.done += 1

    async def _send(self, post: Post, words: str) -> int:
        return await self._telegram.send(
            post.chat,
            words,
            topic=post.topic,
            is_protected=True,
            is_quiet=True,
            replies_to=0 if post.topic else post.message,
        )

    async def _upload(self, post: Post, opening: _Opening, file: FileView) -> int:
        """The cleaned file, uploaded anew under our own name."""
        wording = self._wording()
        try:
            content = await asyncio.to_thread(
                self._desk.file, opening.seat, post.tip_id, file.seq, file.index
            )
        except TipNotReceived:
            raise
        except TipError as error:
            return await self._send(post, escape(f"{file.name}: {wording.fault(error)}"))
        # A picture too long, too large or too odd for Telegram to show goes as a mere file.
        for media_type in (content.media_type, _MERE_FILE):
            upload = Upload(content=content.content, name=content.name, media_type=media_type)
            try:
                return await self._telegram.upload(post.chat, upload, topic=post.topic, is_protected=True)
            except TelegramRefused as refused:
                if refused.reason not in {"too_large", "other"}:
                    raise
        return await self._send(post, escape(wording.say("file_too_large", file=file.name)))

    async def _tell(self, post: Post, words: str) -> int:
        await self._telegram.send(post.chat, escape(words), topic=post.topic, is_quiet=True)
        return 1


def _files(tip: OpenTip) -> tuple[FileView, ...]:
    """All files but originals, in the order they came."""
    said = (file for item in tip.thread if item.type != "original" for file in item.files)
    return (*tip.files, *said)
