"""Numbers and days of sheets, as a Vietnamese reader writes them: 18.160, 12,5%, 05/12/2026. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a sheet have no time zone
_LAST_DAY = 2_958_465  # 31/12/9999
_BUILT_IN_DAYS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_BUILT_IN_GROUPED = frozenset((3, 4, *range(37, 45)))
_BUILT_IN_PERCENT = frozenset((9, 10))
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_PRECISION = 12  # significant digits: more is noise of the machine's arithmetic


def form_of(number_format: int, code: str) -> str:
    """`day`, `percent`, `grouped` or empty: what format *number_format*, spelled *code*, makes of numbers."""
    bare = _QUOTED.sub("", code.split(";", maxsplit=1)[0])
    if number_format in _BUILT_IN_DAYS or (bare and re.search(r"[dyDY]|[hH]+:|m{3}", bare)):
        return "day"
    if number_format in _BUILT_IN_PERCENT or "%" in bare:
        return "percent"
    if number_format in _BUILT_IN_GROUPED or "#,##" in bare:
        return "grouped"
    return ""


def told_number(value: str, form: str, *, from_1904: bool = False) -> str:
    """*value* of a cell as text; what is no number comes back as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    if form == "day" and 0 < number <= _LAST_DAY:
        moment = _EPOCH + timedelta(days=number + (1_462 if from_1904 else 0))
        if number < 1:
            return moment.strftime("%H:%M")
        return moment.strftime("%d/%m/%Y %H:%M" if moment.hour or moment.minute else "%d/%m/%Y")
    if form == "percent":
        return f"{_plain(number * 100)}%"
    return _plain(number, grouped=form == "grouped")


def _plain(number: float, *, grouped: bool = False) -> str:
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN
        return ""
    text = (
        f"{float(f'{number:.{_PRECISION}g}'):,.10f}"
        if grouped
        else f"{float(f'{number:.{_PRECISION}g}'):.10f}"
    )
    text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))
