"""Working out the legal terms, on days checked by hand against the calendar of Vietnam."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tips.deadlines import MARKS, add_months, deadlines_of, working_day

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def due(received: date, name: str, *marks: str) -> date:
    found = {deadline.name: deadline.due for deadline in deadlines_of(received, marks=marks)}
    return found[name]


def test_days_are_counted_from_the_day_after_receipt() -> None:
    received = date(2026, 11, 9)  # a Monday
    assert due(received, "procuracy") == date(2026, 11, 12)
    assert due(received, "decision") == date(2026, 11, 30)  # the 29th is a Sunday


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (date(2026, 11, 4), date(2026, 11, 9)),  # ends on Saturday the 7th: Monday
        (date(2026, 11, 5), date(2026, 11, 9)),  # on Sunday the 8th: Monday
        (date(2026, 11, 6), date(2026, 11, 9)),  # on the Monday itself
        (date(2026, 4, 27), date(2026, 5, 4)),  # on 30/4; 1/5 is a Friday off, then the weekend
        (date(2026, 12, 29), date(2027, 1, 4)),  # on New Year's Day, a Friday
    ],
)
def test_a_last_day_off_moves_to_the_next_working_day(received: date, expected: date) -> None:
    assert due(received, "procuracy") == expected


def test_tet_is_jumped_over_whole() -> None:
    """16 to 20 February 2026 are off, 14/15 and 21/22 are weekends."""
    assert due(date(2026, 2, 11), "procuracy") == date(2026, 2, 23)
    assert due(date(2026, 1, 26), "decision") == date(2026, 2, 23)


def test_a_saturday_worked_for_a_bridging_day_is_a_working_day() -> None:
    """Saturday 22 August 2026 was worked for Monday 31 August, which was off."""
    assert working_day(date(2026, 8, 22)) == date(2026, 8, 22)
    assert working_day(date(2026, 8, 29)) == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 8, 31), 4, date(2026, 12, 31)),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_its_last(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


def test_a_complex_case_has_two_months_and_one_extension_of_two_more() -> None:
    received = date(2026, 12, 31)
    assert due(received, "decision", "complex") == date(2027, 3, 1)  # 28/2/2027 is a Sunday
    assert due(received, "decision", "extended") == date(2027, 5, 4)  # 30/4 off, 1/5 a Saturday, 3/5 for it
    assert due(received, "decision", "complex", "extended") == date(2027, 5, 4)


def test_what_was_done_is_met_and_is_never_late() -> None:
    long_after = date(2027, 6, 1)
    marked = deadlines_of(date(2026, 11, 9), marks=("procuracy_told", "passed_on"))
    assert {item.name for item in marked if item.is_met} == {"procuracy", "pass_on"}
    assert {item.name for item in marked if item.is_late(long_after)} == {"decision"}
    closed = deadlines_of(date(2026, 11, 9), is_closed=True)
    assert all(item.is_met and not item.is_late(long_after) for item in closed)


def test_late_begins_the_day_after_the_last_day_and_soon_ends_with_it() -> None:
    decision = deadlines_of(date(2026, 11, 9))[2]
    assert not decision.is_late(decision.due)
    assert decision.is_late(decision.due + timedelta(days=1))
    assert decision.is_soon(decision.due, 3)
    assert decision.is_soon(decision.due - timedelta(days=3), 3)
    assert not decision.is_soon(decision.due - timedelta(days=4), 3)
    assert not decision.is_soon(decision.due + timedelta(days=1), 3)


def test_at_once_is_shown_but_has_no_last_day_to_miss() -> None:
    first = deadlines_of(date(2026, 11, 9))[0]
    assert first.name == "pass_on"
    assert first.due == date(2026, 11, 9)
    assert not first.is_late(date(2027, 1, 1))


def test_every_term_names_its_law_and_does_not_claim_to_be_confirmed() -> None:
    """FACTS-2026 N7: the amending texts were not read, so no term may be shown as certain."""
    for marks in ((), MARKS):
        for item in deadlines_of(date(2026, 11, 9), marks=marks):
            assert "101/2015/QH13, Điều 14" in item.source
            assert item.status == "unresolved"
            assert item.as_of == date(2026, 11, 22)


@given(DAYS)
def test_no_term_ends_on_a_day_off_or_before_it_may(received: date) -> None:
    for item in deadlines_of(received)[1:]:
        assert item.due.weekday() < 5 or working_day(item.due) == item.due
        assert working_day(item.due) == item.due
        assert item.due >= received + timedelta(days=3)
    assert (
        due(received, "decision")
        <= due(received, "decision", "complex")
        <= due(received, "decision", "extended")
    )


@given(DAYS, st.integers(0, 30))
def test_months_never_go_beyond_the_month_meant(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
