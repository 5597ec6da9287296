"""
A private chat: questions, tips, following, membership, and the ways between them.

Two tables lead from what came to what is done: `_COMMANDS` and `_PRESSES`. The account of whoever writes is
used for the pace and for membership, and goes no further.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bot.channels.telegram.chats import Press, Room
from bot.channels.telegram.commands import Asked, read_command
from bot.channels.telegram.speaking import Offer
from bot.flows.ask import receipt_to_follow
from bot.flows.tip_words import SENDING
from bot.telegram.errors import TelegramFault
from knowledge.danger import find_danger
from knowledge.model import Audience
from prompts.catalog import text
from tips.receipts import likely_receipt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.channels.telegram.asking import Asking
    from bot.channels.telegram.membership import Membership
    from bot.channels.telegram.speaking import Speaker
    from bot.channels.telegram.talking import Talking
    from bot.channels.telegram.turnstile import Turnstile
    from bot.pace import Pace
    from bot.telegram.model import Arrived
    from prompts.catalog import Language

_LOG = logging.getLogger(__name__)

LATE_S: Final = 120.0  # a message that waited longer is answered with a word of apology
_WITH_WORDS: Final = frozenset(("ask", "report"))  # commands whose words may be edited
_SPENT: Final = frozenset(("talk", "captcha", "language", "leave"))  # presses after which the buttons go


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """The private chats of one bot."""

    asking: Asking
    speaker: Speaker
    pace: Pace
    now: Callable[[], datetime]
    talking: Talking | None = None  # None: no tips are taken here
    turnstile: Turnstile | None = None
    membership: Membership | None = None

    async def handle(self, room: Room, together: Sequence[Arrived]) -> None:
        """Answer what came: one message, one album, or one press. A fault of ours is told, never shown."""
        try:
            await self._handle(room, together)
        except TelegramFault:
            raise
        except Exception as error:  # noqa: BLE001 - its words may quote what was written
            _LOG.error("private chat: %s", type(error).__name__)
            await self.speaker.say(room, "telegram.trouble")

    def is_talking(self, room: Room) -> bool:
        """Whether a tip is being written in *room*, or followed."""
        return self.talking is not None and self.talking.is_talking(room)

    async def _handle(self, room: Room, together: Sequence[Arrived]) -> None:
        first = together[0]
        if self.talking is not None:
            await self.talking.catch_up(room)
        if first.kind == "press":
            await self._press(room, first)
        elif first.kind == "edited":
            await self._edited(room, first)
        elif first.kind == "message" and not first.is_service:
            await self._apologise(room, first)
            await self._message(room, together)

    async def _message(self, room: Room, together: Sequence[Arrived]) -> None:
        first = next((arrived for arrived in together if arrived.text), together[0])  # of an album, any may
        asked = read_command(first.text)
        if asked is not None:
            if asked.is_english and asked.command != "language":
                room.language = "en"
            if asked.command == "report":
                await self.report(room, first, asked, together=_without_command(together, asked))
            else:
                await _COMMANDS[asked.command](self, room, first, asked)
        elif self.is_talking(room):
            await self._hear(room, together)
        elif self.talking is not None and not likely_receipt(first.text) and self.talking.take_gone(room):
            await self._tell_gone(room, first)
        elif _has_more_than_words(together):
            await self._begin(room, "tip", together)
        elif first.text.startswith("/"):
            await self.speaker.say(room, "telegram.unknown_command")
        elif first.text.strip():
            await self._ask(room, first, first.text)
        else:
            await self.speaker.say(room, "telegram.nothing_read")

    async def _hear(self, room: Room, together: Sequence[Arrived]) -> None:
        """What is said in a conversation about a tip; Send that was typed is Send that was pressed."""
        if self.talking is None:
            return
        first = together[0]
        sending = "" if _has_more_than_words(together) else self.talking.sends(room, first.text)
        if sending:
            room.tell(first.message)
            await self.press_talk(room, first, Press(kind="talk", value=sending))
        else:
            await self.talking.hear(room, together)

    async def _tell_gone(self, room: Room, first: Arrived) -> None:
        """What came was meant for something that lay idle: no question, but perhaps a cry for help."""
        if find_danger(first.text):
            await self._ask(room, first, first.text)
        await self.speaker.say(room, "telegram.draft_gone", self._ways_in(room))

    async def _apologise(self, room: Room, first: Arrived) -> None:
        if room.is_sorry or first.sent is None:
            return
        if (self.now() - first.sent).total_seconds() > LATE_S:
            room.is_sorry = True
            await self.speaker.say(room, "telegram.late")

    async def _ask(self, room: Room, first: Arrived, words: str) -> None:
        receipt = likely_receipt(words)
        if receipt and receipt_to_follow(words) and self.talking is not None:
            await self.follow(room, first, Asked(command="follow", words=words))
            return
        if self.pace.verdict(first.sender, "question") != "go":
            await self.speaker.say(room, "telegram.slow_down")
            return
        message = first.message if first.kind != "press" else 0
        await self.asking.ask(room, words, await self._audience(first), message=message)
        if receipt and self.talking is not None:
            await self.talking.hide_receipt(room, (first,), is_noted=False)
        if self.is_talking(room):
            await self.speaker.say(room, "telegram.draft_still_there")

    async def _audience(self, first: Arrived) -> Audience:
        return await self.membership.audience(first.sender) if self.membership else Audience.PUBLIC

    async def _edited(self, room: Room, first: Arrived) -> None:
        """A question, and a cry for help, is answered; in a tip new words take the place of the old ones."""
        earlier = room.edited.get(first.message, "")
        asked = read_command(first.text)
        words = first.text if asked is None else asked.words if asked.command in _WITH_WORDS else ""
        if not words.strip() or earlier == words:
            return
        is_told = first.message in room.told or first.message in room.aside
        talking = self.talking if self.is_talking(room) else None
        is_heard = talking is not None and is_told and bool(earlier)  # the tip hears danger by itself
        if (earlier and not is_told) or (not is_heard and find_danger(words)):
            await self._ask(room, first, words)
        if talking is not None and (is_told or not earlier):
            room.typed(first.message, words)
            await talking.revise(room, earlier, words)
        elif is_told:  # of a tip that was sent, or lay idle too long
            await self.speaker.say(room, "tip.edited_too_late")

    async def _begin(self, room: Room, kind: str, together: Sequence[Arrived] = (), words: str = "") -> None:
        if self.talking is None:
            await self.speaker.say(room, "telegram.no_tips")
        else:
            is_follow_up = kind == "follow_up"
            await self.talking.begin(room, "follow_up" if is_follow_up else "tip", together, words)

    # presses

    async def _press(self, room: Room, first: Arrived) -> None:
        press = room.presses.get(first.pressed)
        if press is None:
            stale = text("telegram.stale_press", room.language)
            await self.speaker.telegram.answer_press(first.press, stale, is_alert=True)
            return
        if press.kind in {"up", "down"}:
            await self.asking.note_thumb(press)
            await self.speaker.telegram.answer_press(first.press, text("web.thanks", room.language))
            return
        # Before the work: the button stops turning, and goes. Neither keeps the work back where it fails.
        closing = (self.speaker.close(room, first.message),) if press.kind in _SPENT else ()
        await asyncio.gather(self.speaker.answer(first.press), *closing)
        await _PRESSES[press.kind](self, room, first, press)

    async def press_talk(self, room: Room, first: Arrived, press: Press) -> None:
        """A choice of a conversation about a tip."""
        if self.talking is None:
            return
        is_sending = press.value in SENDING and not room.is_follow_up
        if is_sending and self.turnstile is not None:
            if not await self.turnstile.lets_through(room, first.sender, press):
                return
            await self._send(room, first, press)
            return
        await self.talking.press(room, press.value)

    async def press_captcha(self, room: Room, first: Arrived, press: Press) -> None:
        """An answer to the challenge before Send."""
        if self.turnstile is None:
            return
        waiting = await self.turnstile.answered(room, first.sender, press)
        if waiting is not None:
            await self._send(room, first, waiting)

    async def _send(self, room: Room, first: Arrived, press: Press) -> None:
        if self.talking is None:
            return
        tip_id = await self.talking.press(room, press.value)
        if tip_id:
            self.pace.note_tip(first.sender, tip_id)

    async def press_ask(self, room: Room, first: Arrived, press: Press) -> None:
        """A question to ask next."""
        await self._ask(room, first, press.words)

    async def press_sources(self, room: Room, first: Arrived, press: Press) -> None:
        """What an answer stands on."""
        await self.asking.show_sources(room, press, await self._audience(first))

    async def press_begin(self, room: Room, first: Arrived, press: Press) -> None:
        """A way into a tip."""
        if press.value == "follow_up":
            await self.follow(room, first, Asked(command="follow"))
        else:
            asked = Asked(command="report", words=press.words)
            await self.report(room, first, asked, typed_in=press.message)

    async def press_language(self, room: Room, first: Arrived, press: Press) -> None:
        """A language."""
        del first
        room.language = "en" if press.value == "en" else "vi"
        await self.speaker.say(room, "telegram.language_set")

    async def press_leave(self, room: Room, first: Arrived, press: Press) -> None:
        """Leave, or stay, a member."""
        if self.membership is not None:
            await self.membership.leave(room, first.sender, really=bool(press.value))

    # commands

    async def start(self, room: Room, first: Arrived, asked: Asked) -> None:
        """What stands behind a link: a way to begin, or an invitation."""
        if asked.words in {"baotin", "report"}:
            await self.report(room, first, Asked(command="report"))
        elif asked.words in {"theodoi", "follow"}:
            await self.follow(room, first, Asked(command="follow"))
        elif asked.words and asked.words not in {"hoi", "ask"}:
            await self._join(room, first, asked.words)
        else:
            await self._welcome(room)

    async def _welcome(self, room: Room) -> None:
        offers = self._ways_in(room) if self.talking is not None else ()
        await self.speaker.say(room, "telegram.welcome", (*offers, *await self.asking.starters(room)))

    def _ways_in(self, room: Room) -> tuple[Offer, ...]:
        return tuple(
            Offer(
                label=text(f"telegram.menu_{key}", room.language),
                press=Press(kind="begin", value=kind),
                row=1,
            )
            for kind, key in (("tip", "report"), ("follow_up", "follow"))
        )

    async def question(self, room: Room, first: Arrived, asked: Asked) -> None:
        """A question behind its command."""
        if asked.words:
            await self._ask(room, first, asked.words)
        else:
            await self.speaker.say(room, "telegram.ask_what")

    async def report(
        self,
        room: Room,
        first: Arrived,
        asked: Asked,
        *,
        together: Sequence[Arrived] = (),
        typed_in: int = 0,
    ) -> None:
        """
        Begin a tip; one that is being written is not lost by it.

        Args:
            room: The chat.
            first: What asked for it.
            asked: The command, and words to begin with.
            together: The messages it came with, without the command, where they hold anything.
            typed_in: The message of the words, where a button stood for them.
        """
        if self.talking is not None and self.talking.is_talking(room) and not room.is_follow_up:
            if _has_more_than_words(together):
                await self.talking.hear(room, together)
            else:
                await self.speaker.say(room, "telegram.draft_still_there")
            return
        await self._begin(room, "tip", together, "" if together else asked.words)
        room.tell(typed_in, first.message)
        if typed_in:
            room.typed(typed_in, asked.words)

    async def follow(self, room: Room, first: Arrived, asked: Asked) -> None:
        """Follow a tip by its receipt."""
        has_draft = self.is_talking(room) and not room.is_follow_up
        if not has_draft and self.pace.verdict(first.sender, "receipt") == "go":
            await self._begin(room, "follow_up", (first,) if asked.words else (), asked.words)
            room.tell(first.message)
            return
        await self.speaker.say(room, "telegram.draft_still_there" if has_draft else "telegram.slow_down")
        if self.talking is not None:
            await self.talking.hide_receipt(room, (first,), is_noted=False)

    async def tell(self, room: Room, first: Arrived, asked: Asked) -> None:
        """One text that answers the command."""
        del first
        await self.speaker.say(room, f"telegram.{asked.command}")

    async def choose_language(self, room: Room, first: Arrived, asked: Asked) -> None:
        """Offer the languages."""
        del first, asked
        choices: tuple[tuple[Language, str], ...] = (("vi", "Tiếng Việt"), ("en", "English"))
        offers = [
            Offer(label=shown, press=Press(kind="language", value=code), row=1) for code, shown in choices
        ]
        await self.speaker.say(room, "telegram.language", offers)

    async def member(self, room: Room, first: Arrived, asked: Asked) -> None:
        """Join by a code, or see where one stands."""
        if asked.words:
            await self._join(room, first, asked.words)
        elif self.membership is None:
            await self.speaker.say(room, "telegram.no_member")
        else:
            await self.membership.tell(room, first.sender)

    async def _join(self, room: Room, first: Arrived, code: str) -> None:
        if self.pace.verdict(first.sender, "code") != "go":
            await self.speaker.say(room, "telegram.slow_down")
        elif self.membership is None:
            await self.speaker.say(room, "telegram.code_refused")
        else:
            await self.membership.join(room, first.sender, code.strip())

    async def cancel(self, room: Room, first: Arrived, asked: Asked) -> None:
        """Leave what is being written."""
        del asked
        if self.talking is not None and self.talking.is_talking(room):
            room.tell(first.message)
            await self.talking.press(room, "cancel")
        else:
            await self.speaker.say(room, "telegram.nothing_to_cancel")


def _has_more_than_words(together: Sequence[Arrived]) -> bool:
    files = (file for arrived in together for file in arrived.attachments)
    return any(file.kind != "sticker" for file in files) or any(arrived.pin for arrived in together)


def _without_command(together: Sequence[Arrived], asked: Asked) -> Sequence[Arrived]:
    """*together* as it is noted in a tip; nothing, where the command came alone."""
    if not asked.words and not _has_more_than_words(together):
        return ()
    return tuple(
        replace(arrived, text=asked.words) if read_command(arrived.text) else arrived for arrived in together
    )


_COMMANDS: Final[dict[str, Callable[[Private, Room, Arrived, Asked], Awaitable[None]]]] = {
    "start": Private.start,
    "ask": Private.question,
    "report": Private.report,
    "follow": Private.follow,
    "emergency": Private.tell,
    "privacy": Private.tell,
    "language": Private.choose_language,
    "member": Private.member,
    "cancel": Private.cancel,
    "help": Private.tell,
}
_PRESSES: Final[dict[str, Callable[[Private, Room, Arrived, Press], Awaitable[None]]]] = {
    "talk": Private.press_talk,
    "ask": Private.press_ask,
    "sources": Private.press_sources,
    "begin": Private.press_begin,
    "language": Private.press_language,
    "captcha": Private.press_captcha,
    "leave": Private.press_leave,
}
