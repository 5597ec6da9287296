"""Dates as Vietnamese documents write them. Pure; nothing is guessed, two-digit years are refused."""

from __future__ import annotations

import re
from datetime import date, datetime

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})")
_IN_WORDS = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_HOUR = r"\d{1,2}(?::\d{2}|\s?(?:giờ|h)(?:\s?\d{1,2})?(?:\s?phút)?)"  # `00 giờ`, `0h`, `7 giờ 30`
_BEFORE_DATE = re.compile(rf"\s*(?:{_HOUR}\s+)?(?:ngày\s+)*(?:(?:mồng|mùng)\s+)?", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1945, 2100


def to_date(value: object) -> date | None:
    """The date that *value* is as a whole: a date, ISO, `20/6/2013`, `ngày 20 tháng 6 năm 2013`; or None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    if match := re.fullmatch(_ISO.pattern + r"(?:[T ].*)?", text):
        return _build(match[1], match[2], match[3])
    for pattern in (_DAY_FIRST, _IN_WORDS):
        if match := pattern.fullmatch(text):
            return _build(match[3], match[2], match[1])
    return None


def date_at_start(text: str) -> date | None:
    """The date that *text* begins with, an hour, `ngày` and `mồng` before it or not, or None."""
    start = _BEFORE_DATE.sub("", text, count=1)
    for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_IN_WORDS, (3, 2, 1))):
        if match := pattern.match(start):
            return _build(*(match[group] for group in order))
    return None


def find_date(text: str) -> date | None:
    """The first date inside *text*, or None."""
    found: list[tuple[int, date]] = []
    for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1)), (_IN_WORDS, (3, 2, 1))):
        for match in pattern.finditer(text):
            day = _build(*(match[group] for group in order))
            if day:
                found.append((match.start(), day))
                break
    return min(found)[1] if found else None


def _build(year: str, month: str, day: str) -> date | None:
    try:
        built = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return built if _FIRST_YEAR <= built.year <= _LAST_YEAR else None
