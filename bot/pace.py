"""
How fast anybody may go, without knowing anybody: counts in memory under a key that is new every day.

An account is turned into an HMAC at once and stands nowhere else; at midnight in Vietnam key and counts go.
A burst of tips asks everybody for one press and refuses nobody: thirty people of one training session get
through, seven hundred scripted reports that answer nothing do not. Nothing here is written to a disk.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NoReturn

from tips.times import VIETNAM, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime
    from random import Random

What = Literal["question", "tip", "receipt", "code"]
Verdict = Literal["go", "challenge", "wait", "muted"]

# At once, and seconds for each further one.
RATES: Final[Mapping[What, tuple[int, float]]] = {
    "question": (40, 1.0),
    "receipt": (10, 30.0),
    "code": (5, 300.0),
}
BURST_TIPS, BURST_S = 40, 10 * 60.0  # of everybody together: beyond it each sender meets a challenge
PASS_S = 15 * 60.0  # that one right press holds
HOUR_S = 60 * 60.0
CHALLENGED_AFTER, WAITS_AFTER = 5, 20  # tips of one account in an hour
WRONG_S, LONGEST_WRONG_S = 10.0, 10 * 60.0  # what a wrong press costs: doubled by each
MOST_ACCOUNTS, MOST_TIPS = 50_000, 20_000  # remembered at once


@dataclass(slots=True, repr=False)
class _Bucket:
    """What one account did today. Which account is not in it."""

    left: dict[What, tuple[float, float]] = field(default_factory=dict)  # tokens, and when they were counted
    tips: deque[float] = field(default_factory=lambda: deque(maxlen=WAITS_AFTER + 1))  # when they were sent
    passed_until: float = 0.0
    wrong: int = 0
    wrong_until: float = 0.0


class Pace:
    """
    The pace of everybody who writes to one bot. To be used from one event loop.

    *seconds* only ever tells how long ago something was; *now* tells the day.
    """

    def __init__(
        self,
        seconds: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        *,
        most_accounts: int = MOST_ACCOUNTS,
    ) -> None:
        self._seconds = seconds
        self._now = now
        self._most_accounts = most_accounts
        self._begin(self._today())

    def __repr__(self) -> str:
        return "<Pace>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a pace lives in memory only")

    def verdict(self, account: int | str, what: What) -> Verdict:
        """
        Whether *account* may do *what* now.

        `challenge`: after one right press, see `passed`. `wait`: later, by itself. `muted`: not before
        midnight. A question, a receipt or a code that may go counts by being asked for.
        """
        bucket_id, bucket = self._bucket(account)
        now = self._seconds()
        if what == "tip":
            return self._of_tip(bucket_id, bucket, now)
        at_once, each_s = RATES[what]
        tokens, counted = bucket.left.get(what, (float(at_once), now))
        tokens = min(at_once, tokens + max(0.0, now - counted) / each_s)
        may = tokens >= 1
        bucket.left[what] = (tokens - 1 if may else tokens, now)
        return "go" if may else "wait"

    def passed(self, account: int | str) -> bool:
        """
        Note a right press.

        Returns:
            False while wrong ones before it still cost time, or whoever pressed was muted meanwhile; it then
            does not count, and nothing is to be sent.
        """
        bucket_id, bucket = self._bucket(account)
        now = self._seconds()
        if now < bucket.wrong_until or bucket_id in self._muted:
            return False
        bucket.passed_until, bucket.wrong = now + PASS_S, 0
        return True

    def failed(self, account: int | str) -> None:
        """Note a wrong press; each costs more time than the one before."""
        _, bucket = self._bucket(account)
        cost = min(WRONG_S * 2**bucket.wrong, LONGEST_WRONG_S)
        bucket.wrong = min(bucket.wrong + 1, 10)
        bucket.wrong_until = self._seconds() + cost

    def note_tip(self, account: int | str, tip_id: str) -> None:
        """Note that a tip of *account* was received: it counts, and its sender can be muted today."""
        bucket_id, bucket = self._bucket(account)
        bucket.tips.append(self._seconds())
        self._senders[self._tip_name(tip_id)] = bucket_id
        while len(self._senders) > MOST_TIPS:
            self._senders.popitem(last=False)

    def apply_mutes(self, tip_ids: Iterable[str]) -> None:
        """Mute, until midnight, whoever sent these tips today; ids of other tips change nothing."""
        self._turn()
        for tip_id in tip_ids:
            bucket_id = self._senders.get(self._tip_name(tip_id))
            if bucket_id is not None:
                self._muted.add(bucket_id)

    def today(self) -> date:
        """The day in Vietnam whose mutes are to be applied."""
        return self._today()

    def _of_tip(self, bucket_id: bytes, bucket: _Bucket, now: float) -> Verdict:
        if bucket_id in self._muted:
            return "muted"
        sent = sum(1 for when in bucket.tips if now - when < HOUR_S)
        if sent > WAITS_AFTER or now < bucket.wrong_until:
            return "wait"
        # Whoever wants to send counts, also if a press is asked for then: a flood keeps its own door shut.
        self._wanted.append(now)
        is_burst = len(self._wanted) > BURST_TIPS and now - self._wanted[0] < BURST_S
        if sent > CHALLENGED_AFTER or (is_burst and now >= bucket.passed_until):
            return "challenge"
        return "go"

    def _bucket(self, account: int | str) -> tuple[bytes, _Bucket]:
        self._turn()
        name = hmac.digest(self._key, f"account:{account}".encode(), "sha256")
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket()
            while len(self._buckets) > self._most_accounts:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(name)
        return name, bucket

    def _tip_name(self, tip_id: str) -> bytes:
        return hmac.digest(self._key, b"tip:" + tip_id.encode(), "sha256")

    def _turn(self) -> None:
        today = self._today()
        if today != self._day:
            self._begin(today)

    def _begin(self, today: date) -> None:
        """A new day: whoever was counted or muted before is nobody now."""
        self._day = today
        self._key = secrets.token_bytes(32)
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()  # longest idle first
        self._senders: OrderedDict[bytes, bytes] = OrderedDict()  # of tips
        self._muted: set[bytes] = set()
        self._wanted: deque[float] = deque(maxlen=BURST_TIPS + 1)

    def _today(self) -> date:
        return self._now().astimezone(VIETNAM).date()


PICTURES: Final[Mapping[str, str]] = {
    "fish": "🐟",
    "cat": "🐱",
    "dog": "🐶",
    "buffalo": "🐃",
    "hen": "🐔",
    "butterfly": "🦋",
    "flower": "🌻",
    "tree": "🌳",
    "banana": "🍌",
    "melon": "🍉",
    "rice": "🍚",
    "boat": "⛵",
    "bicycle": "🚲",
    "bus": "🚌",
    "house": "🏠",
    "umbrella": "☂️",
    "sun": "☀️",
    "moon": "🌙",
    "book": "📖",
    "ball": "⚽",
}
OPTIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Option:
    """A picture to press. The id says nothing of it."""

    id: str
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Four pictures, one of which is asked for in words: the text *key*."""

    key: str
    options: tuple[Option, ...]
    right: str = field(repr=False)  # the option's id

    @classmethod
    def new(cls, chance: Random | None = None) -> Challenge:
        """Another one, for one press."""
        chance = chance or secrets.SystemRandom()
        names = chance.sample(sorted(PICTURES), OPTIONS)
        options = tuple(Option(f"{chance.getrandbits(64):016x}", PICTURES[name]) for name in names)
        wanted = chance.randrange(OPTIONS)
        return cls(key=f"pace.picture_{names[wanted]}", options=options, right=options[wanted].id)
