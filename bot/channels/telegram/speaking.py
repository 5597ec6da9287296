"""What both sides of the channel use to speak: messages with buttons into a room."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from bot.telegram.errors import TelegramAway, TelegramFault, TelegramRefused, TooFast
from bot.telegram.model import Button
from bot.telegram.text import escape, from_markdown, pieces
from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from bot.channels.telegram.chats import Press, Room
    from bot.telegram.ports import Telegram


_LOG = logging.getLogger(__name__)
Done = TypeVar("Done")

AGAIN_S: Final = (0.5, 2.0, 5.0, 15.0, 30.0)  # between tries to say something
TYPING_S: Final = 0.4  # what comes sooner needs no announcement, and a call less
PREVIEW_S: Final = 2.0  # from here on a preview says that the answer is being looked for
TYPING_LASTS_S: Final = 4.5  # Telegram shows it for five
ANNOUNCED_AT_ONCE: Final = 2  # calls that only announce; where all are slow, they would make them slower


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A button to be: what it says, what it means; those of one *row* stand beside each other."""

    label: str
    press: Press
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unsaid:
    """Messages of HTML, the buttons of *offers* below the last, that are still to be shown."""

    messages: tuple[str, ...]
    offers: tuple[Offer, ...] = ()
    is_protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Says things in a room. What cannot be delivered, because nobody wants it, is dropped."""

    telegram: Telegram
    name: str
    _announcing: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(ANNOUNCED_AT_ONCE), init=False, repr=False
    )

    async def say(self, room: Room, key: str, offers: Sequence[Offer] = (), **fields: object) -> None:
        """One of the channel's own texts, in small Markdown."""
        words = text(key, room.language, name=self.name, **fields)
        await self.show(room, pieces(from_markdown(words)), offers)

    async def show(
        self,
        room: Room,
        messages: Sequence[str],
        offers: Sequence[Offer] = (),
        *,
        is_protected: bool = False,
        replies_to: int = 0,
    ) -> tuple[int, ...]:
        """Messages of HTML, the buttons of *offers* below the last; gives their ids."""
        what = Unsaid(messages=tuple(messages), offers=tuple(offers), is_protected=is_protected)
        sent, _ = await self._show(room, what, replies_to=replies_to)
        return sent

    async def show_or_keep(self, room: Room, what: Unsaid) -> tuple[int, ...]:
        """Show what has to be known, behind what was kept before; what cannot be delivered is kept."""
        sent, left = ((), what) if room.unsaid else await self._show(room, what)
        if left is not None:
            room.unsaid.append(left)
        return sent

    async def catch_up(self, room: Room) -> tuple[int, ...]:
        """Show what was kept; gives the ids of what could be shown now."""
        waiting, room.unsaid = room.unsaid, []
        told: list[int] = []
        for what in waiting:
            told += await self.show_or_keep(room, what)
        return tuple(told)

    async def _show(
        self, room: Room, what: Unsaid, *, replies_to: int = 0
    ) -> tuple[tuple[int, ...], Unsaid | None]:
        """The ids of what was sent, and what Telegram was too long out of reach for."""
        sent: list[int] = []
        tokens = [room.token(offer.press) for offer in what.offers]
        buttons = [
            Button(label=offer.label, pressed=token, row=offer.row)
            for offer, token in zip(what.offers, tokens, strict=True)
        ]
        for number, message in enumerate(what.messages, start=1):
            is_last = number == len(what.messages)
            sending = partial(
                self.telegram.send,
                room.chat,
                message,
                buttons=buttons if is_last else (),
                is_protected=what.is_protected,
                replies_to=replies_to if number == 1 else 0,
            )
            try:
                message_id = await _patiently(sending)
            except TelegramAway:
                return tuple(sent), replace(what, messages=what.messages[len(sent) :])
            if message_id is None:
                return tuple(sent), None
            sent.append(message_id)
        if sent and tokens:
            room.bind(sent[-1], tuple(tokens))
        return tuple(sent), None

    async def answer(self, press: str) -> None:
        """Let a button stop turning; where Telegram is out of reach it turns a while longer."""
        with suppress(TelegramFault):
            await self.telegram.answer_press(press)

    async def delete(self, room: Room, messages: Sequence[int]) -> tuple[int, ...]:
        """Delete *messages*, tried again while Telegram is out of reach; gives those that are still there."""
        left = None
        with suppress(TelegramAway):
            left = await _patiently(partial(self.telegram.delete, room.chat, messages))
        return tuple(messages) if left is None else left

    async def close(self, room: Room, message: int) -> None:
        """Take the buttons of *message* away: they have had their effect."""
        if message in room.on_message:
            room.spend(message)
            with suppress(TelegramFault):
                await self.telegram.edit_buttons(room.chat, message)

    @asynccontextmanager
    async def typing(self, chat: int, topic: int = 0, *, preview: str = "") -> AsyncIterator[None]:
        """
        Show that an answer is being written, for as long as the block lasts; not at all where it is short.

        *preview* is HTML that a private chat shows where it lasts longer.
        """
        showing = asyncio.create_task(self._show_typing(chat, topic, preview))
        try:
            yield
        finally:
            showing.cancel()

    async def _show_typing(self, chat: int, topic: int, preview: str) -> None:
        await asyncio.sleep(TYPING_S)
        await self._announce(partial(self.telegram.show_typing, chat, topic))
        if preview:
            await asyncio.sleep(PREVIEW_S - TYPING_S)
            await self._announce(partial(self.telegram.show_draft, chat, preview))
        while True:
            await asyncio.sleep(TYPING_LASTS_S)
            await self._announce(partial(self.telegram.show_typing, chat, topic))

    async def _announce(self, call: Callable[[], Awaitable[None]]) -> None:
        if not self._announcing.locked():
            async with self._announcing:
                await call()

    def plain(self, key: str, room: Room, **fields: object) -> str:
        """One of the channel's texts as HTML."""
        return escape(text(key, room.language, name=self.name, **fields))


async def _patiently(work: Callable[[], Awaitable[Done]]) -> Done | None:
    """
    What *work* gives, tried again while Telegram is out of reach; None where nobody can be told.

    The conversation has moved on already: hearing the same message again would not bring this answer back.

    Raises:
        TelegramAway: It was too long out of reach.
    """
    for wait_s in (*AGAIN_S, None):
        try:
            return await work()
        except TelegramRefused as refused:
            if refused.reason != "chat_gone":  # blocked: nobody is there to read it
                _LOG.error("telegram: %s", refused.reason)
            return None
        except TooFast as fast:
            pause = fast.retry_after_s
        except TelegramAway:
            pause = wait_s or 0.0
        if wait_s is not None:
            await asyncio.sleep(pause)
    _LOG.warning("telegram: answer given up")
    raise TelegramAway
