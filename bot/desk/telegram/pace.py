"""How fast one group is written to."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_MINUTE: Final = timedelta(minutes=1)
_KEPT: Final = 6  # messages of a minute that cards leave for whoever pressed something
_MOMENT: Final = timedelta(seconds=3)
_IN_A_MOMENT: Final = 4  # a burst that is longer Telegram stops


class Pace:
    """Remembers the last minute, so that in none more is sent than Telegram takes."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._sent: deque[datetime] = deque(maxlen=per_minute)

    def wait_s(self, cost: int, now: datetime, *, is_urgent: bool) -> float:
        """How many seconds *cost* messages have to wait; 0: they may go. Nothing is taken yet."""
        while self._sent and not now - _MINUTE < self._sent[0] <= now:  # old, or the clock was set back
            self._sent.popleft()
        if is_urgent:
            return self._until(_MINUTE, self._most - cost, now)
        return max(
            self._until(_MINUTE, max(0, self._most - _KEPT - cost), now),
            self._until(_MOMENT, _IN_A_MOMENT - cost, now),
        )

    def spend(self, cost: int, now: datetime) -> None:
        """*cost* messages were sent."""
        self._sent.extend([now] * cost)

    def _until(self, span: timedelta, most: int, now: datetime) -> float:
        """Seconds until at most *most* messages lie within *span*."""
        recent = [at for at in self._sent if now - at < span]
        over = len(recent) - most
        return (recent[over - 1] + span - now).total_seconds() if over > 0 else 0.0
