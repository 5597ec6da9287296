"""
Leaves a model alone that failed several times in a row, and tries it again with one question.

Without it, everybody would wait out the whole budget for a model that is down.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from knowledge.fluent.model import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.fluent.model import ModelFailed

FAILURES: Final = 3  # in a row
REST_S: Final = 30.0  # the first time; doubled while it keeps failing
LONGEST_REST_S: Final = 600.0
# What says nothing of the endpoint's health: it was not asked.
_NOT_ASKED: Final = frozenset((Reason.CROWDED, Reason.RESTING, Reason.SPENT))


class Breaker:
    """
    A circuit breaker. Safe to share between threads.

    Args:
        failures: In a row, from which on the model rests.
        rest_s: Seconds of the first rest.
        now: Seconds of a clock that only goes forward.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        rest_s: float = REST_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._now = now
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._rests = 0
        self._until = 0.0
        self._is_trying = False

    def allows(self) -> bool:
        """Whether the model may be asked. After a rest one caller is let through, and reports how it went."""
        with self._lock:
            if not self._is_open:
                return True
            if self._now() < self._until or self._is_trying:
                return False
            self._is_trying = True
            return True

    def worked(self) -> None:
        """The model answered."""
        with self._lock:
            self._in_a_row = self._rests = 0
            self._until = 0.0
            self._is_trying = False

    def failed(self, failure: ModelFailed) -> None:
        """The model did not."""
        with self._lock:
            was_trial, self._is_trying = self._is_trying, False
            if failure.reason in _NOT_ASKED:
                return
            self._in_a_row += 1
            asked_s = min(failure.retry_after_s or 0.0, LONGEST_REST_S)
            if was_trial or self._in_a_row >= self._limit:
                own_s = min(self._rest_s * 2**self._rests, LONGEST_REST_S)
                self._rests += 1
            elif asked_s:
                own_s = 0.0
            else:
                return
            self._until = self._now() + max(own_s, asked_s)

    @property
    def _is_open(self) -> bool:
        return self._until > 0.0
