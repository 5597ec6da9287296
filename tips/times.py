"""When a tip came, as far as anybody may know: rounded times, and how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

# Days that people are told are Vietnamese days. No summer time, so no time zone files are needed.
VIETNAM = timezone(timedelta(hours=7))
# A machine whose clock battery is dead starts years in the past. A tip dated so would be past its
# retention, and shredded, as soon as the clock is set right.
CLOCK_FLOOR = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TipTimes:
    """What is stored of the moment a tip came."""

    received: datetime  # rounded down, UTC
    above_from: datetime  # when the unit above sees it, UTC
    retention_until: date  # the last day it is kept, in Vietnam


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """How times are rounded and how long things take; one installation has one of these."""

    rounding_min: int = 60  # minutes a time is rounded down to; at most a day
    retention_days: int = 90  # after the last activity
    unopened_hours: int = 24  # at least, until the unit above sees a tip too

    def rounded(self, moment: datetime) -> datetime:
        """*moment* in UTC, rounded down within its Vietnamese day; never before `CLOCK_FLOOR`."""
        here = max(moment.astimezone(UTC), CLOCK_FLOOR).astimezone(VIETNAM)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        rounded = midnight + (here - midnight) // self._step * self._step
        return max(rounded.astimezone(UTC), CLOCK_FLOOR)

    def retention_until(self, moment: datetime) -> date:
        """The last day, in Vietnam, of a tip whose last activity was at *moment*."""
        return self.rounded(moment).astimezone(VIETNAM).date() + timedelta(days=self.retention_days)

    def times(self, moment: datetime) -> TipTimes:
        """What is stored of a tip that came at *moment*."""
        received = self.rounded(moment)
        return TipTimes(
            received=received,
            above_from=received + self._step + timedelta(hours=self.unopened_hours),
            retention_until=self.retention_until(moment),
        )

    @property
    def _step(self) -> timedelta:
        return timedelta(minutes=self.rounding_min)


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)
