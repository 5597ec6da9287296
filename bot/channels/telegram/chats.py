"""
What is known of a chat while the process lives, in memory and nowhere else.

Drafts of tips are not here but in `bot.drafts`, under a handle made by chance: nothing that holds a draft
knows a chat, and what knows the chat holds no word of a tip.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from bot.drafts import IDLE_S as DRAFT_IDLE_S
from bot.messages import PREVIOUS_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.channels.telegram.speaking import Unsaid
    from prompts.catalog import Language

CHATS_LIMIT: Final = 20_000
PRESSES_LIMIT: Final = 60  # buttons of one chat that still work
IDLE_S: Final = 30 * 60.0  # after which nothing that was typed is remembered
TOLD_LIMIT: Final = 400  # messages of one conversation that can be wiped
_TOKEN_BYTES: Final = 9
PressKind = Literal["talk", "ask", "sources", "up", "down", "begin", "language", "captcha", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Press:
    """What a button means: its value never leaves this process."""

    kind: PressKind
    value: str = ""
    words: str = ""  # of a question
    passages: tuple[str, ...] = ()  # names of passages; of `sources`: the questions before
    message: int = 0  # of `begin`: where its words were typed


@dataclass(slots=True, repr=False)
class Room:
    """One chat."""

    chat: int
    language: Language = "vi"
    handle: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES))
    previous: tuple[str, ...] = ()
    is_follow_up: bool = False  # of what the chat is talking about now, if it is
    is_sorry: bool = False  # the apology for a late answer was said
    told: list[int] = field(default_factory=list)  # messages of the conversation about a tip, both sides'
    aside: list[int] = field(default_factory=list)  # the same of tips that were sent before it
    is_received: bool = False  # the tip that `told` is about was
    edited: OrderedDict[int, str] = field(
        default_factory=OrderedDict
    )  # what was typed, while it may be edited
    presses: OrderedDict[str, Press] = field(default_factory=OrderedDict)
    on_message: dict[int, tuple[str, ...]] = field(default_factory=dict)
    waiting: Press | None = None  # what is done once the challenge was passed
    unsaid: list[Unsaid] = field(default_factory=list)  # what has to be known and could not be delivered
    owes_word: bool = False  # that could not be delivered for so long that it is held no more
    touched: float = 0.0  # seconds of a clock that only ever tells how long the chat was silent

    def token(self, press: Press) -> str:
        """A button's data for *press*: random, so that it says nothing and cannot be guessed."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.presses[token] = press
        while len(self.presses) > PRESSES_LIMIT:
            self.presses.popitem(last=False)
        return token

    def bind(self, message: int, tokens: tuple[str, ...]) -> None:
        """Note that *tokens* stand below *message*."""
        self.on_message[message] = tokens
        while len(self.on_message) > PRESSES_LIMIT:
            del self.on_message[next(iter(self.on_message))]

    def spend(self, message: int) -> None:
        """The buttons below *message* have had their effect; none of them works again."""
        for token in self.on_message.pop(message, ()):
            self.presses.pop(token, None)

    def tell(self, *messages: int) -> None:
        """Note messages that can be wiped."""
        self.told += [message for message in messages if message]
        del self.told[:-TOLD_LIMIT]

    def typed(self, message: int, words: str) -> None:
        """Note what was typed, so that an edited message can be told from its earlier words."""
        self.edited[message] = words
        while len(self.edited) > PRESSES_LIMIT:
            self.edited.popitem(last=False)

    def asked(self, question: str) -> None:
        """Note a question for those that lean on it."""
        self.previous = (*self.previous, question)[-PREVIOUS_LIMIT:]

    def begin_talk(self) -> None:
        """Another conversation begins; that about a tip that was sent can still be wiped."""
        if self.is_received:
            self.aside = [*self.aside, *self.told][-TOLD_LIMIT:]
        self.forget_talk()

    def forget_talk(self) -> None:
        """The conversation about a tip is over: nothing that was typed is held."""
        self.is_received = False
        self.told.clear()
        self.edited.clear()
        self.waiting = None

    def forget_told(self) -> None:
        """No tip is being written any more: the words of one are held no more; questions are."""
        for message in (*self.told, *self.aside):
            self.edited.pop(message, None)

    def forget_questions(self) -> None:
        """Nothing that was typed is held, nor a button that holds it; which messages can be wiped is."""
        self.previous = ()
        self.edited.clear()
        for token in [token for token, press in self.presses.items() if _is_typed(press)]:
            del self.presses[token]

    def forget_unsaid(self) -> None:
        """What could not be delivered names a tip: it is held no longer than a draft would be."""
        self.owes_word = self.owes_word or bool(self.unsaid)
        self.unsaid.clear()


def _is_typed(press: Press) -> bool:
    """Whether a button stands for what somebody typed; a question to ask next is ours."""
    return press.kind == "sources" or (press.kind == "begin" and bool(press.words))


class Rooms:
    """The chats, the longest silent one forgotten first."""

    def __init__(self, most: int = CHATS_LIMIT, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._rooms: OrderedDict[int, Room] = OrderedDict()

    def of(self, chat: int) -> Room:
        """The room of *chat*."""
        room = self._rooms.get(chat)
        if room is None:
            room = self._rooms[chat] = Room(chat)
            if len(self._rooms) > self._most:
                self._rooms.popitem(last=False)
        self._rooms.move_to_end(chat)
        room.touched = self._seconds()
        return room

    def sweep(self, is_talking: Callable[[Room], bool]) -> None:
        """Let go of what was typed in chats that are silent, but for a tip that is being written."""
        now = self._seconds()
        for room in self._rooms.values():
            room.touched = min(room.touched, now)  # the clock went back
            silent_s = now - room.touched
            if silent_s >= DRAFT_IDLE_S:
                room.forget_unsaid()
            if is_talking(room):
                continue
            if silent_s >= IDLE_S:
                room.forget_questions()
                room.touched = float("-inf")  # long ago; when, is nobody's business
            elif silent_s >= DRAFT_IDLE_S:
                room.forget_told()

    def drop(self, chat: int) -> None:
        """Forget a chat: it blocked us."""
        self._rooms.pop(chat, None)
