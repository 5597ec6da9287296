"""
A fake Telegram in a process of its own, and people who talk to its bot while that is killed again and again.

`python -m tests.fakes.telegram_crowd PEOPLE FILE` keeps the count of calls in FILE and prints the address.
Once it was told "calm" and everybody has come to an end, it prints one JSON object of what they did and saw.
`tests.fakes.telegram_killing` judges it.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import secrets
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.tipping import Sender, Sending, look_up
from tests.fakes.telegram.town import Hand, Town, Wait, label_of, meaning_of, pause

if TYPE_CHECKING:
    from collections.abc import Generator

PATIENCE_S = 8.0
SETTLE_S = 30.0
PAUSE_S = 6.0  # between two things that somebody does: a few of fifty are busy at any time
ANSWERED = re.compile(r"Trả lời câu (\d+)\b")


@dataclass(slots=True)
class Told:
    """One tip, as its sender knows it at the end."""

    token: str
    receipt: str
    is_sent: bool
    is_received: bool
    is_found: bool | None = None  # by the receipt, where "received" was not shown


@dataclass(slots=True)
class Diary:
    """What one person did."""

    asked: int = 0
    swallowed: list[int] = field(default_factory=list)  # questions that went into a draft which came again
    tips: list[Told] = field(default_factory=list)
    lost_drafts: int = 0


class Neighbour:
    """Asks numbered questions and sends tips, until all is calm."""

    def __init__(self, hand: Hand, rng: random.Random, calm: threading.Event) -> None:
        self.hand, self.diary = hand, Diary()
        self._rng, self._calm = rng, calm

    def live(self) -> Generator[Wait, Any, None]:
        yield pause(self._rng.uniform(0, PAUSE_S))
        while not self._calm.is_set():
            yield from self._ask() if self._rng.random() < 0.5 else self._report()
            yield pause(self._rng.uniform(0, PAUSE_S))

    def _ask(self) -> Generator[Wait, Any, None]:
        first = self.diary.asked + 1
        for _ in range(self._rng.randint(1, 3)):
            self.diary.asked += 1
            self.hand.say(f"Câu {self.diary.asked}: đăng ký tạm trú ở đâu?")
        left = set(range(first, self.diary.asked + 1))

        def heard() -> bool:
            for message in self.hand.unread():
                left.difference_update(int(number) for number in ANSWERED.findall(message.text))
                if meaning_of(message) in ("summary", "receipt", "ready", "naming", "coaching"):
                    self.diary.swallowed += sorted(left)
                    left.clear()
            return not left

        yield Wait(heard, 4 * PATIENCE_S)
        if self.diary.swallowed and self.diary.swallowed[-1] >= first:
            yield from self._clear()

    def _report(self) -> Generator[Wait, Any, None]:
        token = secrets.token_hex(8)
        story = f"Nhóm người lạ tụ tập bán hàng cấm mỗi tối ở đầu hẻm 12 gần chợ, dấu hiệu TOKEN{token}."
        sending = Sending(story=story)
        yield from Sender(self.hand, sending, patience_s=PATIENCE_S).send()
        told = Told(token, sending.receipt, sending.is_sent, sending.is_received)
        self.diary.tips.append(told)
        if sending.is_sent and not sending.is_received:
            told.is_found = yield from look_up(self.hand, sending.receipt, patience_s=PATIENCE_S)
        elif not sending.is_left:
            self.diary.lost_drafts += 1
            yield from self._clear()

    def _clear(self) -> Generator[Wait, Any, None]:
        """Be rid of whatever the bot still holds."""
        for _ in range(8):
            self.hand.say("/huy")
            meaning, message = (yield self.hand.shown(PATIENCE_S)) or ("", None)
            if meaning in ("cancel", "sent"):
                self.hand.press(message, label_of(meaning))
                meaning, _ = (yield self.hand.shown(PATIENCE_S)) or ("", None)
            if meaning in ("cancelled", "nothing_to_cancel", "closed", "goodbye"):
                return


def judged(neighbours: list[Neighbour]) -> dict[str, Any]:
    """What the chats show: numbers answered out of order, never, again."""
    late, unanswered, again, asked, swallowed = [], [], 0, 0, 0
    for neighbour in neighbours:
        shown = [
            int(number)
            for message in neighbour.hand.messages
            if message.is_from_bot
            for number in ANSWERED.findall(message.text)
        ]
        firsts = list(dict.fromkeys(shown))
        late += [pair for pair in itertools.pairwise(firsts) if pair[0] > pair[1]]
        never = set(range(1, neighbour.diary.asked + 1)) - set(firsts) - set(neighbour.diary.swallowed)
        unanswered += sorted(never)
        again += len(shown) - len(firsts)
        asked += neighbour.diary.asked
        swallowed += len(neighbour.diary.swallowed)
    return {
        "asked": asked,
        "late": late,
        "unanswered": unanswered,
        "again": again,
        "swallowed": swallowed,
        "lost_drafts": sum(neighbour.diary.lost_drafts for neighbour in neighbours),
        "tips": [asdict(told) for neighbour in neighbours for told in neighbour.diary.tips],
    }


def main(people: int, count: Path) -> None:
    """See the module."""
    calm = threading.Event()

    def listen() -> None:
        if not sys.stdin.readline():
            os._exit(1)  # nobody is there any more
        calm.set()

    threading.Thread(target=listen, daemon=True).start()
    with FakeTelegram() as fake:
        sys.stdout.write(json.dumps({"api": fake.api}) + "\n")
        sys.stdout.flush()
        neighbours = [
            Neighbour(Hand(fake.person(f"Người {number}")), random.Random(number), calm)  # noqa: S311 - their dice
            for number in range(people)
        ]
        town = Town()
        for neighbour in neighbours:
            town.add(neighbour.live())
        counting = os.open(count, os.O_WRONLY)
        town.run(lambda: os.pwrite(counting, len(fake.calls).to_bytes(8, "big"), 0))
        with suppress(TimeoutError):
            fake.wait_handled(SETTLE_S)
        unanswered = len(fake.unanswered_presses)
        told = {"pending": fake.pending, "faults": fake.faults, "presses_unanswered": unanswered}
        sys.stdout.write(json.dumps(judged(neighbours) | told) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
