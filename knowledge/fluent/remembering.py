"""
Answers a model wrote lately, in memory: the same question of the same passages is not paid for twice.

So the sources somebody asks to see are those of the answer they read. What is remembered is named by a keyed
hash: no question lies in memory for it.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from knowledge.answer import Answer

LASTS_S: Final = 900.0
_MOST: Final = 256


class Remembered:
    """Answers by what they were made from. Safe to share between threads."""

    def __init__(self, *, lasts_s: float = LASTS_S, now: Callable[[], float] = time.monotonic) -> None:
        self._lasts_s = lasts_s
        self._now = now
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._answers: OrderedDict[bytes, tuple[float, Answer]] = OrderedDict()

    def name(self, parts: Iterable[str]) -> bytes:
        """A name for what an answer is made of: question, passages, prompt."""
        digest = hashlib.blake2b(key=self._key, digest_size=16)
        for part in parts:
            piece = part.encode("utf-8", "surrogatepass")
            digest.update(len(piece).to_bytes(8, "big") + piece)
        return digest.digest()

    def find(self, name: bytes) -> Answer | None:
        """The answer of that *name*, if it is fresh."""
        with self._lock:
            until, answer = self._answers.get(name, (0.0, None))
            return answer if until > self._now() else None

    def keep(self, name: bytes, answer: Answer) -> None:
        """Remember *answer* for a while."""
        with self._lock:
            self._answers.pop(name, None)
            self._answers[name] = (self._now() + self._lasts_s, answer)
            while len(self._answers) > _MOST:
                self._answers.popitem(last=False)
