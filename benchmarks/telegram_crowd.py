"""
The other half of `benchmarks.telegram`: a fake Telegram, and people who write to its bot at a steady rate.

Reads what to do as one line of JSON and prints the address of the Bot API; reads "go", and prints what the
people saw. In a process of its own, so that what it costs is not counted as the service's.
"""

from __future__ import annotations

import itertools
import json
import random
import resource
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from benchmarks.parts import golden_rows
from benchmarks.submission import photo
from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.tipping import Sender, Sending
from tests.fakes.telegram.town import Hand, Town, Wait

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.fakes.telegram.records import Message
    from tests.fakes.telegram.town import Act

PEOPLE: Final = 300
TIP_SHARE: Final = 0.2  # of all that is written or pressed
PHOTO_SHARE: Final = 0.1  # of the tips
PHOTO_SIZE: Final = (1_280, 960)  # pixels: what Telegram makes of a photo
PATIENCE_S: Final = 60.0  # without a reply for that long, a message is lost
FOREVER_S: Final = 1e9
TICK_S: Final = 0.03  # between looks at what the bot wrote; replies are timed by when they were sent


@dataclass(slots=True)
class Turns:
    """Lets people act at a steady rate: those who wait longest first, a fifth of the turns for tips."""

    rate: float
    minutes: float
    rng: random.Random
    begun: float = 0.0
    given: int = 0
    late: int = 0  # turns nobody was free to take at once
    asking: list[Neighbour] = field(default_factory=list)
    telling: list[Neighbour] = field(default_factory=list)
    is_for_tip: bool | None = None  # whether the next turn is for a step of a tip, once that is drawn

    @property
    def is_over(self) -> bool:
        """Whether nobody begins anything any more."""
        return time.monotonic() - self.begun > self.minutes * 60

    def give(self) -> None:
        """Give what is due; once the time is over, tips that were begun are ended."""
        if self.is_over:
            while self.telling:
                self.telling.pop(0).may = "step"
            while self.asking:
                self.asking.pop(0).may = "end"
            return
        due = int((time.monotonic() - self.begun) * self.rate)
        while self.given < due:
            if not self._give_one():
                self.late += 1
                return
            self.given += 1

    def _give_one(self) -> bool:
        """Whether somebody was free for the next turn; what it is for does not change while it waits."""
        if self.is_for_tip is None:
            self.is_for_tip = self.rng.random() < TIP_SHARE
        if self.is_for_tip and self.telling:
            self.telling.pop(0).may = "step"
        elif self.asking:
            self.asking.pop(0).may = "tip" if self.is_for_tip else "ask"
        else:
            return False
        self.is_for_tip = None
        return True


class Neighbour:
    """Asks or tells, whichever its turn is for."""

    def __init__(self, hand: Hand, turns: Turns, questions: itertools.cycle[str], picture: bytes) -> None:
        self.hand, self.turns = hand, turns
        self.may = ""
        self.tips: list[tuple[str, Sending]] = []
        self._questions, self._picture = questions, picture

    def live(self) -> Generator[Wait, Any, None]:
        """Until the time is over."""
        while True:
            self.turns.asking.append(self)
            what = yield self._turn()
            if what == "end":
                return
            if what == "tip":
                yield from self._tell()
            else:
                yield from self._ask()

    def _turn(self) -> Wait:
        def taken() -> str:
            given, self.may = self.may, ""
            return given

        return Wait(taken, FOREVER_S)

    def _next_step(self) -> Wait:
        if not self.tips or self.tips[-1][1].is_begun:
            self.turns.telling.append(self)
            return self._turn()
        self.tips[-1][1].is_begun = True
        return Wait(lambda: True, 0)  # the turn that led here

    def _ask(self) -> Generator[Wait, Any, None]:
        self.hand.unread()
        self.hand.say(next(self._questions), "question")
        yield Wait(self.hand.unread, PATIENCE_S)

    def _tell(self) -> Generator[Wait, Any, None]:
        token = secrets.token_hex(8)
        story = (
            f"Đầu hẻm 12 gần chợ có nhóm người tụ tập mỗi tối, dấu hiệu {token}. Họ đến bằng xe máy không "
            "biển số, đứng chừng một giờ rồi đi. Tôi thấy từ ngoài đường."
        )
        has_photo = self.turns.rng.random() < PHOTO_SHARE
        sending = Sending(story=story, photo=self._picture if has_photo else b"")
        self.tips.append((token, sending))
        yield from Sender(self.hand, sending, patience_s=PATIENCE_S, turn=self._next_step).send()


def questions_of(rng: random.Random) -> list[str]:
    """The golden questions, which are spelt as people spell: with marks and without, short, mistyped."""
    asked = [row.question for row in golden_rows()]
    rng.shuffle(asked)
    return asked


def waits_of(hand: Hand) -> list[tuple[str, float | None, float, int]]:
    """What, seconds until the first reply (None: there was none), when, and how often a reply came again."""
    found = []
    for act, after in itertools.pairwise([*hand.acts, None]):
        end = after.mark if after is not None else len(hand.messages)
        replies = [message for message in hand.messages[act.mark : end] if message.is_from_bot]
        first = _first(act, replies)
        again = len(replies) - len({message.text for message in replies})
        found.append((act.what, first, act.at, again))
    return found


def _first(act: Act, replies: list[Message]) -> float | None:
    waited = [message.date - act.at for message in replies]
    return waited[0] if waited and waited[0] <= PATIENCE_S else None


def crowd_of(fake: FakeTelegram, rate: float, minutes: float, people: int) -> tuple[Turns, list[Neighbour]]:
    """People who know what to ask, and who gives them their turns."""
    rng = random.Random(7)  # noqa: S311 - who talks when
    turns = Turns(rate=rate, minutes=minutes, rng=rng)
    questions, picture = itertools.cycle(questions_of(rng)), photo(PHOTO_SIZE)
    return turns, [
        Neighbour(Hand(fake.person(f"Người {number}")), turns, questions, picture) for number in range(people)
    ]


def run(fake: FakeTelegram, turns: Turns, crowd: list[Neighbour]) -> dict[str, Any]:
    """Let them talk."""
    used_s = _processor_s()
    town = Town(TICK_S)
    for neighbour in crowd:
        town.add(neighbour.live())
    turns.begun = time.monotonic()
    town.run(turns.give)
    took_s = time.monotonic() - turns.begun
    calls: dict[str, int] = {}
    for call in fake.calls:
        calls[call.method] = calls.get(call.method, 0) + 1
    tips = [(token, sending) for neighbour in crowd for token, sending in neighbour.tips]
    return {
        "seconds": took_s,
        "late_turns": turns.late,
        "processor_s": _processor_s() - used_s,
        "waits": [wait for neighbour in crowd for wait in waits_of(neighbour.hand)],
        "tips": [[token, tip.receipt, tip.is_received, bool(tip.photo)] for token, tip in tips],
        "challenges": sum(tip.challenges for _, tip in tips),
        "put_off": sum(tip.put_off for _, tip in tips),
        "given_up": sum(tip.is_old for _, tip in tips),
        "calls": calls,
        "faults": fake.faults[:20],
        "pending": fake.pending,
    }


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """See the module."""
    wanted = json.loads(sys.stdin.readline())
    with FakeTelegram() as fake:
        crowd = crowd_of(fake, wanted["rate"], wanted["minutes"], wanted["people"])
        print(json.dumps({"api": fake.api, "token": fake.token}), flush=True)
        if sys.stdin.readline().strip() == "go":
            print(json.dumps(run(fake, *crowd)), flush=True)


if __name__ == "__main__":
    main()
