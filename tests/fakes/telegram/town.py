"""
People who talk to the bot by themselves: each follows a script, and waits for what the bot shows.

A script is a generator that yields `Wait`s; one thread moves hundreds of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prompts.catalog import catalog, text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.fakes.telegram.people import Person
    from tests.fakes.telegram.records import Message, Press

TICK_S = 0.01

# What a message of the bot is taken for: the first that fits. A button by its label, words by their opening.
_BY_OPENING = {
    "received": "tip.received",
    "receipt": "tip.ask_receipt",
    "unsure": "tip.draft_gone_sending",
    "still_there": "telegram.draft_still_there",
    "nothing_found": "follow.nothing",
    "cancelled": "tip.cancelled",
    "nothing_to_cancel": "telegram.nothing_to_cancel",
    "later": "telegram.send_later",
    "challenge": "telegram.challenge",
    "slow_down": "telegram.slow_down",
    "muted": "telegram.muted",
    "trouble": "telegram.trouble",
    "goodbye": "tip.goodbye",
    "closed": "follow.goodbye",
}
_BY_BUTTON = {
    "cancel": "tip.cancel_yes",
    "ready": "tip.ready_send",
    "found": "follow.open_withdraw",
    "summary": "tip.summary_go_on",
    "coaching": "tip.coaching_enough",
    "naming": "tip.naming_keep",
    "sent": "tip.sent_keep",
}


@dataclass(frozen=True, slots=True)
class Wait:
    """Until *fact* gives something, which the script then gets; None after *seconds*."""

    fact: Callable[[], Any]
    seconds: float


def pause(seconds: float) -> Wait:
    """Do nothing for a while."""
    return Wait(lambda: None, seconds)


@dataclass(slots=True)
class _Walk:
    script: Generator[Wait, Any, Any]
    wait: Wait
    until: float


class Town:
    """Moves scripts until all have come to their end."""

    def __init__(self, tick_s: float = TICK_S) -> None:
        self._walks: list[_Walk] = []
        self._tick_s = tick_s

    def add(self, script: Generator[Wait, Any, Any]) -> None:
        self._walks.append(_Walk(script, pause(0), 0.0))

    def run(self, every: Callable[[], None] = lambda: None) -> None:
        """*every* is called at each round."""
        while self._walks:
            every()
            self._walks = [walk for walk in self._walks if self._goes_on(walk)]
            time.sleep(self._tick_s)

    def _goes_on(self, walk: _Walk) -> bool:
        found = walk.wait.fact()
        if not found and time.monotonic() < walk.until:
            return True
        try:
            walk.wait = walk.script.send(found if walk.until else None)
        except StopIteration:
            return False
        walk.until = time.monotonic() + walk.wait.seconds
        return True


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person did: when, and after which message of the chat."""

    what: str
    at: float  # seconds since 1970
    mark: int


@dataclass(slots=True)
class Hand:
    """A person's hand in the private chat, and what it has read there."""

    person: Person
    read: int = 0
    pressed: Press | None = None
    acts: list[Act] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        return self.person.private.messages

    def say(self, words: str, what: str = "") -> None:
        self._note(what)
        self.person.say(words)

    def photo(self, content: bytes, caption: str, what: str = "") -> None:
        self._note(what)
        self.person.photo(content, caption)

    def press(self, message: Message, label: str, what: str = "") -> None:
        """Press the button called *label* below *message*, which may have gone meanwhile."""
        self._note(what)
        try:
            self.pressed = self.person.press(message, label)
        except LookupError:  # taken away a moment ago: a client still shows it
            self.pressed = self.person.forge_press("gone", message)

    def _note(self, what: str) -> None:
        self.pressed = None
        self.acts.append(Act(what, self.person.world.now(), len(self.messages)))

    def unread(self) -> list[Message]:
        """What the bot wrote since this was asked before."""
        messages = self.messages
        fresh, self.read = messages[self.read :], len(messages)
        return [message for message in fresh if message.is_from_bot]

    def shown(self, seconds: float) -> Wait:
        """(meaning, message) of the newest message that means something; ("stale", None): an old button."""
        return Wait(self._shown, seconds)

    def _shown(self) -> tuple[str, Message | None] | None:
        told = [(meaning, message) for message in self.unread() if (meaning := meaning_of(message))]
        received = next((pair for pair in told if pair[0] == "received"), None)
        if received or told:
            return received or told[-1]
        if self.pressed is not None and self.pressed.is_alert:
            self.pressed = None
            return "stale", None
        return None


def meaning_of(message: Message) -> str:
    """What a message of the bot asks for, "" for anything else, such as an answer."""
    words = message.text
    for meaning, opening in _OPENINGS:
        if opening in words:
            return meaning
    labels = message.labels
    return next((meaning for meaning, label in _LABELS if label in labels), "")


def label_of(meaning: str) -> str:
    """The button that stands for *meaning*."""
    return dict(_LABELS)[meaning]


_OPENINGS = [
    (meaning, catalog("vi")[key].replace("{name}", "Bình An").split("{")[0].split("**")[0].strip())
    for meaning, key in _BY_OPENING.items()
]
_LABELS = [(meaning, text(key, "vi")) for meaning, key in _BY_BUTTON.items()]
