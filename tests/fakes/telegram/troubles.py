"""What goes wrong on purpose, and Telegram's own limits on how much a bot may send."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.telegram.refusals import Refused, too_many

if TYPE_CHECKING:
    from tests.fakes.telegram.call import Call

CHAT_BURST = 3  # messages at once to one chat, then one a second
GROUP_A_MINUTE = 20
ALL_A_SECOND = 30
_PHRASES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


@dataclass(slots=True, kw_only=True)
class Trouble:
    """
    What happens to the next calls of *method* ("*" is any but getUpdates), *times* of them.

    First the *delay_s*; then either *code* instead of the work, or the work and, with *is_lost*, no answer.
    """

    method: str
    times: int = 1
    code: int = 0
    description: str = ""
    retry_after_s: int = 0
    delay_s: float = 0.0
    is_lost: bool = False
    chat: int = 0  # only calls for it

    def refusal(self) -> Refused | None:
        if self.retry_after_s and self.code in (0, 429):
            return too_many(self.retry_after_s)
        if not self.code:
            return None
        words = self.description or _PHRASES.get(self.code, "Internal Server Error")
        return Refused(self.code, words)


class Troubles:
    """Those not yet used up, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Trouble] = []

    def add(self, trouble: Trouble) -> None:
        with self._lock:
            self._waiting.append(trouble)

    def take(self, call: Call) -> Trouble | None:
        """The one that strikes *call*, if any."""
        with self._lock:
            for trouble in self._waiting:
                if _strikes(trouble, call):
                    trouble.times -= 1
                    if trouble.times <= 0:
                        self._waiting.remove(trouble)
                    return trouble
        return None

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()


def _strikes(trouble: Trouble, call: Call) -> bool:
    if trouble.chat and call.given.get("chat_id") != str(trouble.chat):
        return False
    if trouble.method == "*":
        return call.method.lower() != "getupdates"
    return trouble.method.lower() == call.method.lower()


@dataclass(slots=True)
class Limits:
    """One message a second to a chat, 20 a minute to a group, 30 a second to all. Off unless *is_on*."""

    is_on: bool = False
    refused: int = 0
    _ready: dict[str, tuple[float, float]] = field(default_factory=dict)  # chat → tokens, at
    _minute: dict[str, deque[float]] = field(default_factory=dict)
    _second: deque[float] = field(default_factory=deque)

    def check(self, call: Call) -> None:
        """
        Count one call.

        Raises:
            Refused: Too many.
        """
        name = call.method.lower()
        is_counted = name.startswith(("send", "copy", "forward", "editmessage")) and name not in (
            "sendchataction",
            "sendmessagedraft",
        )
        if not self.is_on or not is_counted:
            return
        now = time.monotonic()
        chat = call.given.get("chat_id", "")
        wait_s = max(self._all(now), self._group(chat, now), self._chat(chat, now))
        if wait_s > 0:
            self.refused += 1
            raise too_many(max(1, int(wait_s + 0.999)))
        self._second.append(now)
        if chat.startswith("-"):
            self._minute[chat].append(now)
        tokens, _ = self._ready[chat]
        self._ready[chat] = (tokens - 1, now)

    def _all(self, now: float) -> float:
        while self._second and self._second[0] < now - 1:
            self._second.popleft()
        return 1.0 if len(self._second) >= ALL_A_SECOND else 0.0

    def _group(self, chat: str, now: float) -> float:
        if not chat.startswith("-"):
            return 0.0
        sent = self._minute.setdefault(chat, deque())
        while sent and sent[0] < now - 60:
            sent.popleft()
        return sent[0] + 60 - now if len(sent) >= GROUP_A_MINUTE else 0.0

    def _chat(self, chat: str, now: float) -> float:
        tokens, at = self._ready.get(chat, (float(CHAT_BURST), now))
        tokens = min(float(CHAT_BURST), tokens + now - at)
        self._ready[chat] = (tokens, now)
        return 0.0 if tokens >= 1 else 1 - tokens
