"""Leaving a tip and following one, on Telegram: translates `bot.flows.tip_talk`, and wipes what it can."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.channels.telegram.chats import Press
from bot.channels.telegram.commands import read_command
from bot.channels.telegram.speaking import Offer, Unsaid
from bot.conversation import Incoming, rendered
from bot.flows.follow_words import part_receipt
from bot.flows.tip_talk import AFTER_SENDING
from bot.notices.model import NoticesError
from bot.telegram.errors import TelegramFault, TelegramRefused
from bot.telegram.model import DOWNLOAD_LIMIT
from bot.telegram.text import cut, from_markdown, pieces
from prompts.catalog import text
from tips.model import FILES_LIMIT, PARCEL_BYTES_LIMIT, RawFile
from tips.receipts import find_receipt, likely_receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.telegram.chats import Room
    from bot.channels.telegram.speaking import Speaker
    from bot.conversation import Message, Outgoing
    from bot.flows.tip_talk import Kind, TipTalk
    from bot.notices.notices import Notices
    from bot.telegram.model import Arrived

LABEL_LIMIT: Final = 64  # characters of a button
FETCH_AGAIN_S: Final = (1.0, 3.0, 8.0)  # between tries to fetch a file
LATER_S: Final = (20.0, 40.0, 80.0, 160.0, 300.0)  # between tries to tell what has to be known
TO_BE_KNOWN: Final = frozenset(("tip.received", "follow.more_received", "follow.withdrawn"))
_DOWNLOADS: Final = 4  # files fetched at the same time, each up to 20 MB in memory


class Talking:
    """The conversations about tips of every private chat."""

    def __init__(self, talk: TipTalk, speaker: Speaker, notices: Notices | None) -> None:
        self._talk = talk
        self._speaker = speaker
        self._notices = notices
        self._later: set[asyncio.Task[None]] = set()
        self._downloads = asyncio.Semaphore(_DOWNLOADS)

    def is_talking(self, room: Room) -> bool:
        """Whether what the chat says next belongs to a tip; after sending, words are a question again."""
        return self._talk.is_talking(room.handle) and not self._talk.is_sent(room.handle)

    def sends(self, room: Room, typed: str) -> str:
        """The choice to send the tip, where *typed* stands for it; "" where it does not."""
        return self._talk.sends(room.handle, typed)

    def take_gone(self, room: Room) -> bool:
        """Whether what the chat says next was meant for a tip that lay idle too long; told once."""
        is_gone = self._talk.take_gone(room.handle)
        if is_gone:
            room.edited.clear()  # nothing that was typed is held
        return is_gone

    async def catch_up(self, room: Room) -> None:
        """Tell what has to be known and could not be delivered when it was time; or where to look for it."""
        if room.owes_word:
            room.owes_word = False
            await self._speaker.say(room, "tip.draft_gone_sending")
        if room.unsaid:
            room.tell(*await self._speaker.catch_up(room))

    async def begin(self, room: Room, kind: Kind, together: Sequence[Arrived] = (), words: str = "") -> None:
        """Begin anew; *together*, or *words*, is what it begins with."""
        room.begin_talk()
        room.is_follow_up = kind == "follow_up"
        self._note(room, together)
        first = Incoming(text=words) if words else await self._incoming(room, together) if together else None
        if kind == "follow_up":
            shown = await self._talk.begin(room.handle, kind, room.language)
            if first is not None:
                await self._show(room, shown)
                shown = await self._hear(room, first)
        else:
            shown = await self._talk.begin(
                room.handle, kind, room.language, first, can_notify=self._notices is not None
            )
        await self._show(room, shown)
        await self.hide_receipt(room, together, likely=room.is_follow_up)

    async def hear(self, room: Room, together: Sequence[Arrived]) -> None:
        """What the chat says, in a conversation about a tip."""
        self._note(room, together)
        is_follow_up = room.is_follow_up
        async with self._speaker.typing(room.chat):
            shown = await self._hear(room, await self._incoming(room, together))
        await self._show(room, shown)
        await self.hide_receipt(room, together, likely=is_follow_up)

    async def revise(self, room: Room, earlier: str, words: str) -> None:
        """A message was edited: its new words take the place of the *earlier* ones, where that can be."""
        if not earlier:  # of before this conversation: nobody knows where they would belong
            await self._speaker.say(room, f"{'follow' if room.is_follow_up else 'tip'}.edited_not_taken")
            return
        await self._show(room, await self._hear(room, Incoming(text=words, replaces=earlier)))

    async def press(self, room: Room, choice: str) -> str:
        """A choice of the conversation; gives the id of the tip that was received by it, or ""."""
        if choice in AFTER_SENDING and self.is_talking(room):
            await self._press_earlier(room, choice)
            return ""
        async with self._speaker.typing(room.chat):
            shown = await self._hear(room, Incoming(choice=choice))
        room.is_received = room.is_received or bool(shown.received)
        if any(message.key in TO_BE_KNOWN for message in shown.messages):
            room.forget_questions()
        await self._show(room, shown)
        if choice == "sent.keep":
            room.aside.clear()
        return shown.received

    async def _press_earlier(self, room: Room, choice: str) -> None:
        """A choice about a tip that was sent, while something else is being written: that goes on."""
        shown = self._talk.too_late(room.handle, choice, room.language)
        await self._show(room, replace(shown, is_over=False))
        if choice == "sent.keep":
            room.aside.clear()
        if not room.is_follow_up:
            await self._speaker.say(room, "telegram.draft_still_there")

    async def hide_receipt(
        self, room: Room, together: Sequence[Arrived], *, likely: bool = True, is_noted: bool = True
    ) -> None:
        """
        Delete a message that holds a receipt: whoever reads the chat later could use it.

        Args:
            room: The chat.
            together: What came.
            likely: Also one with a slip; not in a story, where any words may look like one.
            is_noted: Whether the words beside the receipt were taken; if not, that is said.
        """
        holds = likely_receipt if likely else find_receipt
        holding = {arrived.message: arrived.text for arrived in together if holds(arrived.text)}
        if not holding:
            return
        if not await self._speaker.delete(room, tuple(holding)):
            room.told = [message for message in room.told if message not in holding]
            for message in holding:
                room.edited.pop(message, None)
            await self._speaker.say(room, "telegram.receipt_deleted")
        if not is_noted and any(_beside(words) for words in holding.values()):
            await self._speaker.say(room, "telegram.beside_not_noted")

    async def _hear(self, room: Room, incoming: Incoming) -> Outgoing:
        return await self._talk.hear(
            room.handle, incoming, room.language, can_notify=self._notices is not None
        )

    def _note(self, room: Room, together: Sequence[Arrived]) -> None:
        room.tell(*(arrived.message for arrived in together if arrived.kind == "message"))
        for arrived in together:
            if arrived.text and arrived.kind == "message":
                room.typed(arrived.message, arrived.text)

    async def _incoming(self, room: Room, together: Sequence[Arrived]) -> Incoming:
        """What was said, stripped of who said it."""
        words = "\n\n".join(dict.fromkeys(arrived.text for arrived in together if arrived.text))
        pin = next((arrived.pin for arrived in together if arrived.pin is not None), None)
        files: list[RawFile] = []
        held = refused = lost = 0
        wanted = [file for arrived in together for file in arrived.attachments if file.kind != "sticker"]
        for file in wanted:
            is_too_much = len(files) >= FILES_LIMIT or held + file.size > PARCEL_BYTES_LIMIT
            if file.size > DOWNLOAD_LIMIT or is_too_much:
                refused += 1
                continue
            content = await self._fetched(file.file_id)
            if not isinstance(content, bytes):
                refused += content == "too_large"
                lost += content != "too_large"
                continue
            held += len(content)
            files.append(RawFile(content=content))
        if lost:
            await self._speaker.say(room, "telegram.file_lost", count=lost)
        return Incoming(text=words, files=tuple(files), pin=pin, too_large=refused)

    async def _fetched(self, file_id: str) -> bytes | str:
        """
        The bytes of a file, or why not.

        Tried again while Telegram is out of reach, but not for ever: the words that came with it must not
        wait behind a file that nobody can fetch.
        """
        for wait_s in (*FETCH_AGAIN_S, None):
            try:
                async with self._downloads:
                    return await self._speaker.telegram.download(file_id)
            except TelegramRefused as refused:
                return refused.reason
            except TelegramFault:
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
        return "away"

    async def _show(self, room: Room, shown: Outgoing) -> None:
        """Every message of *shown*; notes join the question after them, unless one must not be kept."""
        if shown.notice_for and not await self._keep_notice(room, shown.notice_for):
            await self._speaker.say(room, "telegram.notice_failed")
            taken = tuple(message for message in shown.messages if message.key != "tip.notify_taken")
            shown = replace(shown, messages=taken)
        if shown.deletes_conversation:
            await self._wipe(room)
        keeps = any(message.key in TO_BE_KNOWN for message in shown.messages)
        was_behind = bool(room.unsaid)
        joined: list[str] = []
        for message in shown.messages:
            words = from_markdown(rendered(message, room.language))
            if message.is_protected:
                await self._send(room, joined, (), keeps=keeps)
                asking = (message,) if message.choices else ()
                await self._send(room, [words], asking, keeps=keeps, is_protected=True)
                joined = []
                continue
            joined.append(words)
            if message.key == "tip.promise":  # what is true of this channel alone
                joined.append(from_markdown(text("telegram.tip_notice", room.language)))
            if message.choices:
                await self._send(room, joined, (message,), keeps=keeps)
                joined = []
        await self._send(room, joined, (), keeps=keeps)
        if shown.is_over:
            room.forget_talk()
        if room.unsaid and not was_behind:
            task = asyncio.create_task(self._catch_up_later(room))
            self._later.add(task)
            task.add_done_callback(self._later.discard)

    async def _catch_up_later(self, room: Room) -> None:
        for wait_s in LATER_S:
            await asyncio.sleep(wait_s)
            with suppress(TelegramFault):
                await self.catch_up(room)
            if not room.unsaid:
                return

    async def _keep_notice(self, room: Room, tip_id: str) -> bool:
        """Whether this chat will be told of a reply, once."""
        if self._notices is None:
            return False
        try:
            return await asyncio.to_thread(self._notices.ask, tip_id, str(room.chat).encode())
        except NoticesError:
            return False

    async def _send(
        self,
        room: Room,
        words: Sequence[str],
        asking: Sequence[Message],
        *,
        keeps: bool,
        is_protected: bool = False,
    ) -> None:
        if not words:
            return
        offers = [
            Offer(
                label=cut(rendered(choice.label, room.language), LABEL_LIMIT),
                press=Press(kind="talk", value=choice.id),
                row=_row(choice.id),
            )
            for message in asking
            for choice in message.choices
        ]
        what = Unsaid(messages=pieces("\n\n".join(words)), offers=tuple(offers), is_protected=is_protected)
        if keeps:
            sent = await self._speaker.show_or_keep(room, what)
        else:
            sent = await self._speaker.show(room, what.messages, what.offers, is_protected=is_protected)
        room.tell(*sent)

    async def _wipe(self, room: Room) -> None:
        """Delete what both sides wrote, but for what is being written now, and tell what could not be."""
        is_talking = self.is_talking(room)
        messages = tuple(dict.fromkeys(room.aside if is_talking else [*room.aside, *room.told]))
        left = await self._speaker.delete(room, messages)
        room.aside.clear()
        if not is_talking:
            room.forget_talk()
        deleted = len(messages) - len(left)
        key = "telegram.wiped" if not left else "telegram.wiped_but" if deleted else "telegram.wiped_none"
        words = text(key, room.language, deleted=deleted, left=len(left))
        await self._speaker.show(room, pieces(from_markdown(words)))


def _beside(words: str) -> str:
    """What a message tells beside its receipt and its command."""
    asked = read_command(words)
    return part_receipt(asked.words if asked else words)[1]


def _row(choice: str) -> int:
    """The ways out stand beside each other; everything else has a line of its own."""
    return 1 if choice in {"back", "skip"} else 2 if choice in {"edit", "cancel"} else 0
