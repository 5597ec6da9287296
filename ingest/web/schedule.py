"""When a page is asked for next. Pure; times are seconds since 1970."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import Final

LEAST_EVERY_S: Final = 900  # nobody is asked more often than every quarter of an hour
MOST_EVERY_S: Final = 31 * 86_400
FIRST_AGAIN_S: Final = 900.0
LONGEST_WAIT_S: Final = 7 * 86_400.0  # however long a site asks us to wait
GONE_DAYS: Final = 14  # a page that is not there for so long is a person's business
_UNITS: Final = {"m": 60, "h": 3_600, "d": 86_400, "p": 60, "g": 3_600, "n": 86_400}  # phút, giờ, ngày
_SPAN: Final = re.compile(r"\s*(\d{1,4})\s*([mhdpgn])\s*")


def span_of(written: str) -> int | None:
    """The seconds of `30m`, `24h`, `7d` (or p, g, n); None where it is none, or beyond what is sensible."""
    match = _SPAN.fullmatch(written.lower())
    if match is None:
        return None
    seconds = int(match[1]) * _UNITS[match[2]]
    return seconds if LEAST_EVERY_S <= seconds <= MOST_EVERY_S else None


def written_span(seconds: int) -> str:
    """*seconds* as `span_of` reads them."""
    for unit, length in (("d", 86_400), ("h", 3_600)):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds // 60}m"


def retry_after(header: str, now: float) -> float | None:
    """The seconds that a `Retry-After` asks for: a number, or a date; None where it says neither."""
    text = header.strip()
    if text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    try:
        then = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0.0, then - now), LONGEST_WAIT_S)


def again_after(fails: int, every_s: float) -> float:
    """Seconds until a page that failed *fails* times in a row is tried again: doubled, up to *every_s*."""
    return min(FIRST_AGAIN_S * 2.0 ** max(0, min(fails, 20) - 1), max(every_s, FIRST_AGAIN_S))
