"""
What takes an officer more than one press: a unit, an outcome, words, a last look.

A flow lives in memory for some minutes after each step, is its officer's own, and is named by a random
handle. A restart forgets it, and nothing was done then; that a message asked for words is remembered, so
that a reply to it does not meet silence.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.rights import Action
from tips.deadlines import MARKS
from tips.states import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.desk.telegram.wording import Wording

_PREFIX: Final = "f:"
_HANDLE_BYTES: Final = 9
_AT_ONCE: Final = 500  # of all officers together
QUESTIONS_KNOWN: Final = timedelta(days=2)  # so long a reply to one that is over is told so
SEND, AGAIN, STOP, SKIP, WRITE = "send", "again", "stop", "skip", "write"
PAGE: Final = "p"  # and its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The steps of an action, in this order: a choice, words, a last look."""

    chooses: bool = False
    writes: bool = False
    may_skip: bool = False  # the words
    looks: bool = False  # once more, before it is done
    is_seen: bool = False  # by the tipster


SCRIPTS: Final[Mapping[Action, Script]] = {
    Action.ASK: Script(writes=True, looks=True, is_seen=True),
    Action.REPLY: Script(writes=True, looks=True, is_seen=True),
    Action.NOTE: Script(writes=True),
    Action.LABEL: Script(writes=True),
    Action.HOLD: Script(writes=True),
    Action.TRANSFER: Script(chooses=True, writes=True, looks=True),
    Action.CLOSE: Script(chooses=True, writes=True, may_skip=True, looks=True, is_seen=True),
    Action.MERGE: Script(writes=True, looks=True),
    Action.ASSIGN: Script(chooses=True),
    Action.MARK: Script(chooses=True),
    Action.RECUSE: Script(looks=True),
    Action.MUTE: Script(looks=True),
}


@dataclass(slots=True, kw_only=True)
class Flow:
    """One officer on the way to one action on one tip. Never printed: words are in it."""

    handle: str
    chat: int
    member: int
    unit: str
    tip_id: str
    topic: int
    card: int  # message that the button stood on
    action: Action
    moved: datetime  # when it went on last
    choices: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (value, label)
    choice: str = ""
    words: str | None = field(default=None, repr=False)
    has_skipped: bool = False
    waits_for: int = 0  # the message that the officer's words have to reply to
    is_looking: bool = False
    shown: list[int] = field(default_factory=list)  # our messages
    written: list[int] = field(default_factory=list)  # the officer's own
    page: int = 0
    turn: int = 0  # how often the words were asked for: what was shown before is over

    @property
    def script(self) -> Script:
        """Its steps."""
        return SCRIPTS[self.action]

    def pressed(self, code: str) -> str:
        """What a button of this flow carries."""
        return f"{_PREFIX}{self.handle}:{self.turn}:{code}"


class Flows:
    """The flows under way."""

    def __init__(self, now: Callable[[], datetime], minutes: float) -> None:
        self._now = now
        self._lives = timedelta(minutes=minutes)
        self._flows: dict[str, Flow] = {}

    def begin(  # noqa: PLR0913 - each is a field of the flow
        self, action: Action, *, chat: int, member: int, unit: str, tip_id: str, topic: int, card: int
    ) -> Flow:
        """A new flow; an older one of the same officer for the same is over."""
        self._tidy()
        for handle, flow in list(self._flows.items()):
            if (flow.chat, flow.member, flow.tip_id, flow.action) == (chat, member, tip_id, action):
                del self._flows[handle]
        while len(self._flows) >= _AT_ONCE:
            del self._flows[next(iter(self._flows))]
        flow = Flow(
            handle=secrets.token_urlsafe(_HANDLE_BYTES),
            chat=chat,
            member=member,
            unit=unit,
            tip_id=tip_id,
            topic=topic,
            card=card,
            action=action,
            moved=self._now(),
        )
        self._flows[flow.handle] = flow
        return flow

    def named(self, pressed: str) -> tuple[Flow | None, str]:
        """
        The flow that a press names, and the code within it; None for one that is over or made up.

        A button from before the words were asked for anew can only stop: it would do something else than
        stands above it.
        """
        self._tidy()
        if not pressed.startswith(_PREFIX):
            return None, ""
        handle, _, rest = pressed.removeprefix(_PREFIX).partition(":")
        turn, _, code = rest.partition(":")
        flow = self._flows.get(handle)
        if flow is None or (turn != str(flow.turn) and code != STOP):
            return None, ""
        return flow, code

    def is_over(self, flow: Flow) -> bool:
        """Whether it was done, or stopped."""
        return flow.handle not in self._flows

    def asked_by(self, chat: int, message: int) -> Flow | None:
        """The flow that waits for a reply to that message."""
        self._tidy()
        if not message:
            return None
        return next(
            (flow for flow in self._flows.values() if (flow.chat, flow.waits_for) == (chat, message)), None
        )

    def end(self, flow: Flow) -> bool:
        """End it; False if it was over already, so that it is done once."""
        return self._flows.pop(flow.handle, None) is not None

    def take_up(self, flow: Flow) -> None:
        """It was not done after all, and its words shall not be lost."""
        self._flows[flow.handle] = flow

    def _tidy(self) -> None:
        oldest = self._now() - self._lives
        for handle, flow in list(self._flows.items()):
            if flow.moved < oldest:
                del self._flows[handle]


def choices_of(action: Action, unit: str, wording: Wording) -> tuple[tuple[str, str], ...]:
    """What can be chosen, as (value, label). The desk decides afterwards whether it may be."""
    words = wording.words
    if action is Action.TRANSFER:
        return tuple((other.id, other.name) for other in words.book.units if other.id != unit)
    if action is Action.CLOSE:
        return tuple((str(outcome), words.say(f"outcome_{outcome}")) for outcome in Outcome)
    if action is Action.MARK:
        return tuple((mark, words.say(f"mark_{mark}")) for mark in MARKS)
    officers = (officer for officer in words.book.unit(unit).officers if officer.role != "auditor")
    return (*((officer.id, officer.name) for officer in officers), ("", wording.say("nobody")))
