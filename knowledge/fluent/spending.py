"""
The day's budget for a model: how many calls and tokens, counted in a small file that survives a restart.

It holds a date and two numbers, nothing of any question.
"""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a day cost."""

    day: str  # ISO 8601
    calls: int = 0
    tokens: int = 0


class Spending:
    """
    Counts what a model costs. Safe to share between the threads of one process, which holds the data folder.

    Args:
        file: Where the counts stand.
        calls: Most calls a day; 0: as many as come.
        tokens: Most tokens a day, in and out together; 0: as many as come. The call that crosses it is the
            day's last.
        today: The day.
    """

    def __init__(
        self, file: Path, *, calls: int, tokens: int, today: Callable[[], date] = date.today
    ) -> None:
        self._file = file
        self._calls = calls
        self._tokens = tokens
        self._today = today
        self._lock = threading.Lock()
        self._spent = _read(file)

    def take(self) -> bool:
        """Count one call more; False where the budget is used up or cannot be counted."""
        with self._lock:
            spent = self._of_today()
            if (self._calls and spent.calls >= self._calls) or (
                self._tokens and spent.tokens >= self._tokens
            ):
                return False
            return self._keep(Spent(spent.day, spent.calls + 1, spent.tokens))

    def add(self, tokens: int) -> None:
        """Count *tokens* of a call that was taken."""
        with self._lock:
            spent = self._of_today()
            self._keep(Spent(spent.day, spent.calls, spent.tokens + max(0, tokens)))

    def today(self) -> Spent:
        """What today cost so far."""
        with self._lock:
            return self._of_today()

    def _of_today(self) -> Spent:
        day = self._today().isoformat()
        return self._spent if self._spent.day == day else Spent(day)

    def _keep(self, spent: Spent) -> bool:
        self._spent = spent
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(
                json.dumps({"day": spent.day, "calls": spent.calls, "tokens": spent.tokens}), encoding="utf-8"
            )
            fresh.replace(self._file)
        except OSError as error:
            _LOG.error("model spending: %s", type(error).__name__)
            return False  # what cannot be counted is not spent
        return True


def _read(file: Path) -> Spent:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Spent(str(raw["day"]), int(raw["calls"]), int(raw["tokens"]))
    except FileNotFoundError:
        return Spent("")
    except (OSError, ValueError, KeyError, TypeError) as error:
        _LOG.warning("model spending: %s", type(error).__name__)
        return Spent("")
