"""Finds dates and times of day in a text, Vietnamese or English. Pure, on plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from knowledge.claims.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.claims.fact import Bound

_YEAR = r"(?:19|20)\d\d"
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SPOKEN = {
    "một": 1,
    "giêng": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười một": 11,
    "mười hai": 12,
    "chạp": 12,
    "mười": 10,
}
_DAY_MONTH_YEAR = re.compile(rf"(?<![\d/.-])(\d{{1,2}}) ?([/.-]) ?(\d{{1,2}}) ?\2 ?({_YEAR})(?![\d/])")
_ISO = re.compile(rf"(?<![\d/.-])({_YEAR})-(\d{{2}})-(\d{{2}})(?![\d/-])")
_SPELLED = re.compile(
    rf"(?:(?:ngày|mùng|mồng) (?:mùng |mồng )?(?P<day>\d{{1,2}}) )?tháng "
    rf"(?P<month>\d{{1,2}}|{'|'.join(_SPOKEN)})(?![\w/]\d|\w)"
    rf"(?:,? năm (?P<year>{_YEAR})(?!\d)|/(?P<year2>{_YEAR})(?!\d))?"
)
_MONTH_YEAR = re.compile(rf"(?<![\d/.-])(\d{{1,2}})/({_YEAR})(?![\d/]|-[a-zđ])")
_DAY_MONTH = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?![\d/]|[.,]\d)")
_DAY = re.compile(r"\b(?:ngày|mùng|mồng) (?:mùng |mồng )?(\d{1,2})(?![\d/.,-]\d|\d)")
_YEAR_ALONE = re.compile(rf"(?<![\d/.,-])({_YEAR})(?![\d/]|[.,]\d|-[a-zđ\d])")
_ENGLISH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})|"
    rf"(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
    rf"|(?P<month3>{_MONTH})(?= {_YEAR}))\b(?:,? (?P<year>{_YEAR})(?!\d))?"
)
_ALWAYS = frozenset(("24/7", "24/24", "7/7"))
_LAST_DAY, _LAST_MONTH, _NOON, _HOURS = 31, 12, 12, 24
_CLOCK = re.compile(
    r"(?<![\d/.,:])(?P<hour>\d{1,2}) ?(?:giờ|g|h|:) ?(?P<minute>[0-5]\d)(?!\d)(?: phút)"
    r"?(?: ?(?P<part>am|pm|a\.m|p\.m|sáng|chiều|tối|đêm)\b)?"
    r"|(?<![\d/.,:])(?P<hour2>\d{1,2}) ?(?P<part2>am|pm|a\.m|p\.m)\b"
)

_TO = re.compile(r" ?(?:-|to|and) ?")


# The first that ends right before the date counts.
_BOUND_WORDS: Final[tuple[tuple[Bound, str], ...]] = (
    ("before", "trước|before|prior to|earlier than"),
    ("after", "sau|after|later than"),
    (
        "until",
        "đến|tới|đến hết|hết|chậm nhất|muộn nhất|không quá|hạn|hạn cuối|hạn chót|until|till|by|to|through",
    ),
    ("from", "từ|kể từ|tính từ|bắt đầu|bắt đầu từ|from|since|as of|starting|beginning"),
)
_FILLED = "là|vào|ngày|tháng|năm|đầu|cuối|giữa|hết|khi|on|the|end|start|beginning|of"
_BOUNDS: Final = tuple(
    (bound, re.compile(rf"(?:^|(?<!\w))(?:{words})(?: (?:{_FILLED}))*[ :*]*$"))
    for bound, words in _BOUND_WORDS
)
_NOT_LATER = re.compile(r"\b(?:no|not) later than(?: (?:on|the))*[ :*]*$")
_LOOK_BACK = 32  # characters


def dates(text: str) -> Iterator[Fact]:
    """The dates in plain *text*: day, month, year, each None where it is not said."""
    for match in _DAY_MONTH_YEAR.finditer(text):
        yield from _date(match, match[1], match[3], match[4])
    for match in _ISO.finditer(text):
        yield from _date(match, match[3], match[2], match[1])
    for match in _SPELLED.finditer(text):
        month = match["month"]
        number = month if month.isdigit() else str(_SPOKEN[month])
        yield from _date(match, match["day"], number, match["year"] or match["year2"])
    for match in _ENGLISH.finditer(text):
        name = match["month"] or match["month2"] or match["month3"]
        yield from _date(match, match["day"] or match["day2"], str(_MONTHS[name]), match["year"])
    for match in _MONTH_YEAR.finditer(text):
        yield from _date(match, None, match[1], match[2])
    for match in _DAY_MONTH.finditer(text):
        if match.group() not in _ALWAYS:
            yield from _date(match, match[1], match[2], None)
    for match in _DAY.finditer(text):
        yield from _date(match, match[1], None, None)
    for match in _YEAR_ALONE.finditer(text):
        yield from _date(match, None, None, match[1])


def _date(match: re.Match[str], day: str | None, month: str | None, year: str | None) -> Iterator[Fact]:
    numbers = tuple(int(part) if part else None for part in (day, month, year))
    if (numbers[0] or 1) <= _LAST_DAY and (numbers[1] or 1) <= _LAST_MONTH:
        yield Fact("date", numbers, match.start(), match.end(), _bound(match.string, match.start()))


def _bound(text: str, start: int) -> Bound:
    """From when on, until when, before or after which day: what the words before *start* say."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if _NOT_LATER.search(before):
        return "until"
    return next((bound for bound, pattern in _BOUNDS if pattern.search(before)), "")


def date_fits(claimed: tuple[object, ...], known: tuple[object, ...]) -> bool:
    """Whether the date *claimed* says nothing but what the *known* one says."""
    return all(said in (None, stands) for said, stands in zip(claimed, known, strict=True))


def same_side(claimed: Bound, known: Bound) -> bool:
    """
    Whether a date is bounded alike: `từ ngày` is not `trước ngày`.

    A day alone may be the first or the last of a time (`có hiệu lực ngày 1/7`), never one that is not in it.
    """
    return (
        claimed == known or (claimed == "" and known in {"from", "until"}) or (claimed, known) == ("from", "")
    )


def _part_of_range(text: str, end: int) -> str:
    """The half of the day that the end of a range tells: `1:30 to 4:30 pm`."""
    other = _CLOCK.match(text, end + len(match.group())) if (match := _TO.match(text, end)) else None
    return (other["part"] or other["part2"] or "") if other else ""


def clocks(text: str) -> Iterator[Fact]:
    """The times of day in plain *text*, in minutes; whole hours without minutes are spans (`quantities`)."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"] or match["hour2"]), int(match["minute"] or 0)
        if hour > _HOURS:
            continue
        part = (match["part"] or match["part2"] or _part_of_range(text, match.end())).replace(".", "")
        if part in {"pm", "chiều", "tối"} and hour < _NOON:
            hour += _NOON
        yield Fact("hours", (float(hour * 60 + minute),), match.start(), match.end(), clock=True)
