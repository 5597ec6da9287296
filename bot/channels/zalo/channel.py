"""
Questions on Zalo: plain words in, plain words out, and numbers where others have buttons.

Tips are not taken here: an account of Zalo is tied to a telephone number. Who wants to leave one is shown the
web page, which asks for no account.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from bot.answer_messages import answer_markup, source_markup
from bot.messages import PREVIOUS_LIMIT, REMEMBERED_LIMIT, SUGGESTIONS, Question, leads_to_tip
from bot.telegram.text import escape, from_markdown, pieces, plain
from bot.zalo.client import ZaloFault
from bot.zalo.model import TEXT_LIMIT
from knowledge.answer import Status
from knowledge.danger import find_danger
from knowledge.text.folding import fold
from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.messages import AskPort
    from bot.pace import Pace
    from bot.zalo.client import ZaloClient
    from bot.zalo.model import Arrived
    from knowledge.answer import Answer
    from prompts.catalog import Language

_LOG = logging.getLogger(__name__)

CHATS_LIMIT: Final = 20_000
AT_ONCE: Final = 16  # questions searched at the same time
IDLE_S: Final = 30 * 60.0  # of a chat, until what it asked is forgotten
STARTERS: Final = 5
AGAIN_S: Final = (1.0, 4.0, 15.0)  # between tries of a message that did not go out
TYPING_S: Final = 0.7  # an answer that is there sooner needs no sign that it is being written
_PICK: Final = re.compile(r"(?:so|cau|chon|no|number)?\s*([1-9])\s*[.)]?")

Wish = Literal["start", "help", "emergency", "privacy", "report", "follow", "sources", "vi", "en"]
# What a whole message may ask for, without marks and in small letters; a stroke before it is no matter.
_WISHES: Final[dict[Wish, str]] = {
    "start": "start|bat dau|menu",
    "help": "help|tro giup|trogiup|huong dan",
    "emergency": "emergency|khan cap|khancap|so khan cap",
    "privacy": "privacy|rieng tu|riengtu",
    "report": "report|bao tin|baotin|bao tin an danh|gui tin|gui tin bao",
    "follow": "follow|theo doi|theodoi|theo doi tin",
    "sources": "sources|source|nguon|xem nguon",
    "vi": "tieng viet|tiengviet|vietnamese",
    "en": "english|tieng anh|tienganh",
}
_WISH_OF: Final = {words: wish for wish, listed in _WISHES.items() for words in listed.split("|")}


@dataclass(slots=True, repr=False)
class _Room:
    """What is known of a chat while the process lives: in memory and nowhere else."""

    language: Language = "vi"
    previous: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()  # what a number picks
    answered: Question | None = None  # whose sources can be asked for; never a report's
    is_greeted: bool = False
    touched: float = 0.0  # seconds


class ZaloChannel:
    """Answers the private chats of one bot."""

    def __init__(  # noqa: PLR0913 - one thing each
        self,
        client: ZaloClient,
        asking: AskPort,
        pace: Pace,
        *,
        name: str,
        tip_page: str = "",
        follow_page: str = "",
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Make the channel.

        Args:
            client: Of the bot.
            asking: Who knows the answers.
            pace: How fast anybody may ask; of this bot alone.
            name: What the assistant is called.
            tip_page: Public address of the page that takes tips; "": none is known.
            follow_page: The same of the page that shows replies.
            seconds: Tells how long ago something was.
        """
        self._client = client
        self._asking = asking
        self._pace = pace
        self._name = name
        self._tip_page = tip_page
        self._follow_page = follow_page
        self._seconds = seconds
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._rooms: OrderedDict[str, _Room] = OrderedDict()

    async def handle(self, arrived: Arrived) -> None:
        """Answer one message. A fault of ours is told, never shown."""
        room = self._room(arrived.chat)
        try:
            # Danger before all else: "Help!" wishes for no list, and nobody in danger is too fast.
            is_danger = arrived.kind == "text" and find_danger(arrived.text) is not None
            if not is_danger and self._pace.verdict(arrived.chat, "question") != "go":
                await self._say(arrived.chat, self._text("slow_down", room))
            elif is_danger:
                await self._ask(arrived.chat, room, arrived.text)
            elif arrived.kind == "other":
                await self._say(arrived.chat, self._text("nothing_read", room), self._to_tip_page(room))
            else:
                await self._hear(arrived.chat, room, arrived.text)
        except ZaloFault:
            raise
        except Exception as error:  # noqa: BLE001 - its words may quote what was written
            _LOG.error("zalo chat: %s", type(error).__name__)
            await self._say(arrived.chat, self._text("trouble", room))

    async def _hear(self, chat: str, room: _Room, words: str) -> None:
        said = " ".join(fold(words).lower().strip(" /.!?\n").split())
        picked = _PICK.fullmatch(said)
        wish = _WISH_OF.get(said)
        if wish is not None:
            await self._grant(chat, room, wish)
        elif picked is not None:
            await self._pick(chat, room, int(picked[1]))
        else:
            await self._ask(chat, room, words)

    async def _grant(self, chat: str, room: _Room, wish: Wish) -> None:
        if wish in {"vi", "en"}:
            room.language = "en" if wish == "en" else "vi"
            await self._say(chat, self._text("language_set", room))
        elif wish == "sources":
            await self._show_sources(chat, room)
        elif wish == "report":
            await self._say(chat, self._to_tip_page(room))
        elif wish == "follow":
            await self._say(chat, self._to_page("follow", self._follow_page, room))
        elif wish == "start":
            room.choices = (await self._asking.starters(room.language))[:STARTERS]
            await self._say(chat, self._text("welcome", room), self._numbered(room, "starters"))
        elif wish == "emergency":
            await self._say(chat, plain(from_markdown(text("telegram.emergency", room.language))))
        else:
            await self._say(chat, self._text(wish, room))

    async def _pick(self, chat: str, room: _Room, number: int) -> None:
        if number <= len(room.choices):
            await self._ask(chat, room, room.choices[number - 1])
        else:
            await self._say(chat, self._text("no_such_number" if room.choices else "no_numbers", room))

    async def _ask(self, chat: str, room: _Room, words: str) -> None:
        question = Question(text=words, language=room.language, previous=room.previous)
        # Only the search takes its turn: chats that Zalo does not reach keep nobody waiting.
        async with self._typing(chat), self._gate:
            answer = await self._asking.ask(question)
        is_story = answer.status is Status.DANGER or answer.kind == "report"
        if not is_story and answer.kind != "talk":
            room.previous = (*room.previous, words[:REMEMBERED_LIMIT])[-PREVIOUS_LIMIT:]
        room.answered = question if answer.citations and not is_story else None
        room.choices = answer.suggestions[:SUGGESTIONS]
        parts = [plain(answer_markup(answer, room.language))]
        if leads_to_tip(answer):
            parts.append(self._to_tip_page(room))
        parts.append(self._numbered(room, "" if answer.asks_back else "next"))
        if not room.is_greeted and answer.status is not Status.DANGER:  # who calls for help reads numbers
            room.is_greeted = True
            parts.append(self._text("first", room))
        await self._say(chat, *parts)

    async def _show_sources(self, chat: str, room: _Room) -> None:
        """What the last answer stands on; asked again, so that a source withdrawn meanwhile is not shown."""
        told = ""
        if room.answered is not None:
            answer: Answer = await self._asking.ask(room.answered)
            told = plain(source_markup(answer, room.language)) if answer.status is Status.ANSWERED else ""
        await self._say(chat, told or self._text("no_sources", room))

    def _numbered(self, room: _Room, heading: str) -> str:
        """What a number picks, under *heading*."""
        if not room.choices:
            return ""
        lines = [f"{number}. {choice}" for number, choice in enumerate(room.choices, start=1)]
        if heading:
            return "\n".join((self._text(heading, room), *lines))
        return "\n".join((*lines, self._text("pick", room)))

    def _to_tip_page(self, room: _Room) -> str:
        return self._to_page("report", self._tip_page, room)

    def _to_page(self, key: str, page: str, room: _Room) -> str:
        return self._text(key, room, page=page) if page else self._text(f"{key}_nowhere", room)

    def _text(self, key: str, room: _Room, **fields: object) -> str:
        return plain(from_markdown(text(f"zalo.{key}", room.language, name=self._name, **fields)))

    async def _say(self, chat: str, *parts: str) -> None:
        """Send *parts*, a paragraph each, in as few messages as they fit into."""
        words = "\n\n".join(filter(None, parts))
        for message in pieces(escape(words), TEXT_LIMIT):
            await _patiently(partial(self._client.send, chat, plain(message)))

    @asynccontextmanager
    async def _typing(self, chat: str) -> AsyncIterator[None]:
        """Show that an answer is being written, where that takes a while."""
        showing = asyncio.create_task(self._show_typing(chat))
        try:
            yield
        finally:
            showing.cancel()

    async def _show_typing(self, chat: str) -> None:
        await asyncio.sleep(TYPING_S)
        with suppress(ZaloFault):
            await self._client.show_typing(chat)

    def sweep(self) -> None:
        """Forget the chats that lie idle, the longest silent one first; also where nobody writes any more."""
        while self._rooms:
            room = next(iter(self._rooms.values()))
            if len(self._rooms) <= CHATS_LIMIT and self._seconds() - room.touched < IDLE_S:
                return
            self._rooms.popitem(last=False)

    def _room(self, chat: str) -> _Room:
        self.sweep()
        room = self._rooms.setdefault(chat, _Room())
        room.touched = self._seconds()
        self._rooms.move_to_end(chat)
        return room


async def _patiently(work: Callable[[], Awaitable[None]]) -> None:
    """Do *work*, tried again while Zalo is out of reach: the question was asked, its answer is to arrive."""
    for wait_s in (*AGAIN_S, None):
        try:
            await work()
        except ZaloFault as fault:
            if fault.reason == "refused" or wait_s is None:
                raise
            await asyncio.sleep(wait_s)
        else:
            return
