"""
The legal terms that run from the receipt of a tip, worked out to days.

| name | term | source |
| --- | --- | --- |
| `pass_on` | at once: the day of receipt | BLTTHS 101/2015/QH13, Điều 146 khoản 3 (FACTS A4) |
| `procuracy` | 3 days: tell the Viện kiểm sát in writing | Điều 146 khoản 5 (A6) |
| `decision` | 20 days; complex: 2 months; extended once: 2 months more | Điều 147 khoản 1, 2 (A7) |

That the result must be told to the reporter (Điều 145 khoản 4, A8) has no term of its own: closing does it.

Days are calendar days, the day of receipt not counted. A month ends on the same day of the month, or on
its last one; a term that ends on a day off ends on the next working day: Điều 134 khoản 1. That this
holds for terms in days too is our reading (the sentence stands in the paragraph about months). `pass_on`
is not moved: "at once" knows no day off.

Every tip counts as a tin báo about a crime until it is closed; whether it is one, officers say, not a kind
that the tipster chose. Only kinds of the group `hazard` have no terms under this code.

What is confirmed: the code has been amended several times since (A4, N1–N3, N6), and no text changing
these terms was met, nor were the amending texts read (FACTS-2026 N7). So every term carries the day it was
looked at and the status "unresolved" until a person has confirmed it at the official text.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from holidays import country_holidays

if TYPE_CHECKING:
    from collections.abc import Collection

    from holidays import HolidayBase

AS_OF = date(2026, 11, 22)
PROCURACY_DAYS = 3
DECISION_DAYS = 20
COMPLEX_MONTHS = 2
EXTENSION_MONTHS = 2

DeadlineName = Literal["pass_on", "procuracy", "decision"]
Mark = Literal["passed_on", "procuracy_told", "complex", "extended"]
MARKS: tuple[Mark, ...] = ("passed_on", "procuracy_told", "complex", "extended")

_CODE = "BLTTHS 101/2015/QH13"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One term: by `due`, its last day, in `source` as read on `as_of`."""

    name: DeadlineName
    due: date
    source: str
    is_met: bool = False
    status: Literal["confirmed", "unresolved"] = "unresolved"
    as_of: date = AS_OF

    def is_late(self, today: date) -> bool:
        """Whether the last day is past and the term was not met. "At once" has no last day to miss."""
        return self.has_last_day and not self.is_met and today > self.due

    def is_soon(self, today: date, days: int) -> bool:
        """Whether the last day is today or one of the next *days*, and the term was not met."""
        near = today <= self.due <= today + timedelta(days=days)
        return self.has_last_day and not self.is_met and near

    @property
    def has_last_day(self) -> bool:
        """False for what has to be done at once: `due` is then the day of receipt."""
        return self.name != "pass_on"


def deadlines_of(
    received: date, *, marks: Collection[str] = (), is_closed: bool = False
) -> tuple[Deadline, ...]:
    """
    The terms of a tip received on *received* (Vietnamese date), nearest first as the law lists them.

    Args:
        received: The day the first unit got it. A transfer does not begin the terms anew: the stricter
            reading, since the texts name "the day of receipt" only.
        marks: Steps done (`passed_on`, `procuracy_told`) and terms lengthened (`complex`, `extended`); an
            extension is counted on the term of a complex case.
        is_closed: Every term is met.
    """
    if "extended" in marks:
        decision = add_months(received, COMPLEX_MONTHS + EXTENSION_MONTHS)
    elif "complex" in marks:
        decision = add_months(received, COMPLEX_MONTHS)
    else:
        decision = received + timedelta(days=DECISION_DAYS)
    long = "complex" in marks or "extended" in marks
    return (
        Deadline(
            name="pass_on",
            due=received,
            source=f"{_CODE}, Điều 146 khoản 3",
            is_met=is_closed or "passed_on" in marks,
        ),
        Deadline(
            name="procuracy",
            due=working_day(received + timedelta(days=PROCURACY_DAYS)),
            source=f"{_CODE}, Điều 146 khoản 5",
            is_met=is_closed or "procuracy_told" in marks,
        ),
        Deadline(
            name="decision",
            due=working_day(decision),
            source=f"{_CODE}, Điều 147 khoản {2 if long else 1}",
            is_met=is_closed,
        ),
    )


def add_months(day: date, months: int) -> date:
    """The same day *months* later, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def working_day(day: date) -> date:
    """*day*, or the first working day after it: no weekend, no public holiday of Vietnam."""
    while not _calendar().is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def _calendar() -> HolidayBase:
    # Days off moved by the government and the Saturdays worked for them are in it for the years announced.
    return country_holidays("VN")
