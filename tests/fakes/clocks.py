"""A clock that is set by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 22, 12, 34, 56, 789_000, tzinfo=UTC)


class HandClock:
    """Shows what it was set to."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> datetime:
        """Turn it, forwards or backwards, as `timedelta(**by)` says."""
        self.moment += timedelta(**by)
        return self.moment
