"""How the moment a tip came is made coarser, without dating it wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tips.times import CLOCK_FLOOR, VIETNAM, IntakeSettings

STEPS = (1, 60, 90, 120, 240, 720, 1440)  # minutes
HOURS = [datetime(2026, 12, 9, hour, 50, tzinfo=VIETNAM) for hour in range(24)]


@pytest.mark.parametrize("minutes", STEPS)
@pytest.mark.parametrize("moment", HOURS)
def test_a_tip_is_dated_to_the_day_it_came_in_vietnam(minutes: int, moment: datetime) -> None:
    """The terms of the law count from it; what was sent at seven in the morning is not of yesterday."""
    times = IntakeSettings(rounding_min=minutes).times(moment)
    assert times.received.tzinfo is UTC
    assert times.received.astimezone(VIETNAM).date() == moment.date()
    assert timedelta(0) <= moment - times.received < timedelta(minutes=minutes)
    assert times.retention_until == moment.date() + timedelta(days=90)


@pytest.mark.parametrize("minutes", STEPS)
@pytest.mark.parametrize("moment", HOURS)
def test_the_unit_below_has_its_hours_however_long_the_step(minutes: int, moment: datetime) -> None:
    times = IntakeSettings(rounding_min=minutes).times(moment)
    assert timedelta(hours=24) < times.above_from - moment <= timedelta(hours=24, minutes=minutes)


def test_a_day_begins_no_earlier_than_clocks_are_believed() -> None:
    times = IntakeSettings(rounding_min=1440).times(datetime(1970, 1, 1, tzinfo=UTC))
    assert times.received == CLOCK_FLOOR
    assert times.retention_until == date(2026, 1, 1) + timedelta(days=90)
