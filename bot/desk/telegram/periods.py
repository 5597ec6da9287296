"""A period as officers write it after /thongke."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = 12
_DEFAULT_DAYS: Final = 30
_MOST_DAYS: Final = 3_660
_MONTH: Final = re.compile(r"(?:tháng|thang|month)?\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}))?")
_DAYS: Final = re.compile(r"(\d{1,4})\s*(?:ngày|ngay|days?|d)?")


class NoPeriod(Exception):
    """It names no period."""


def period_of(written: str, today: date) -> tuple[date, date]:
    """
    First and last day of the period that *written* names.

    "" and "30": the last thirty days, today included; "tháng 10", "10/2026", "month 10": that month, the
    latest one of that name if no year is given. A number alone counts days.

    Raises:
        NoPeriod: It is none of these, or lies in the future.
    """
    wanted = " ".join(written.lower().split())
    if not wanted:
        return today - timedelta(days=_DEFAULT_DAYS - 1), today
    if (days := _DAYS.fullmatch(wanted)) and 0 < int(days.group(1)) <= _MOST_DAYS:
        return today - timedelta(days=int(days.group(1)) - 1), today
    if (found := _MONTH.fullmatch(wanted)) and 1 <= int(found.group(1)) <= _MONTHS:
        month = int(found.group(1))
        year = int(found.group(2) or today.year - (month > today.month))
        first, last = _month(year, month)
        if first <= today:
            return first, last
    raise NoPeriod


def _month(year: int, month: int) -> tuple[date, date]:
    try:
        first = date(year, month, 1)
        following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
    except ValueError:
        raise NoPeriod from None
    return first, following - timedelta(days=1)
