"""
Finds quantities in plain text: spans of time, money, shares, ages, counts, and what bounds them. Pure.

`tối đa 02 tháng`, `không quá hai tháng` and `at most two months` are one fact; `03 ngày` and
`03 ngày làm việc` are two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from knowledge.claims.fact import Fact
from knowledge.claims.numerals import DIGITS, ENGLISH, SCALE, SCALES, SURE, UNSURE, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.claims.fact import Bound, Kind

# unit → kind, and how many of the kind's own unit it is
_UNITS: Final[dict[str, tuple[Kind, float]]] = {
    "phút": ("hours", 1),
    "minute": ("hours", 1),
    "giờ": ("hours", 60),
    "tiếng đồng hồ": ("hours", 60),
    "tiếng": ("hours", 60),
    "hour": ("hours", 60),
    "h": ("hours", 60),
    "ngày làm việc": ("working_days", 1),
    "working day": ("working_days", 1),
    "business day": ("working_days", 1),
    "ngày": ("days", 1),
    "hôm": ("days", 1),
    "day": ("days", 1),
    "tuần": ("days", 7),
    "week": ("days", 7),
    "tháng": ("months", 1),
    "month": ("months", 1),
    "năm": ("months", 12),
    "year": ("months", 12),
    "tuổi": ("age", 1),
    "years old": ("age", 1),
    "years of age": ("age", 1),
    "year-old": ("age", 1),
    "%": ("percent", 1),
    "phần trăm": ("percent", 1),
    "percent": ("percent", 1),
    "per cent": ("percent", 1),
    "đồng": ("money", 1),
    "đ": ("money", 1),
    "vnđ": ("money", 1),
    "vnd": ("money", 1),
    "dong": ("money", 1),
    "lần": ("times", 1),
    "time": ("times", 1),
    "mét": ("length", 1),
    "m": ("length", 1),
    "km": ("length", 1000),
    "ki lô mét": ("length", 1000),
    "cây số": ("length", 1000),
    "metre": ("length", 1),
    "meter": ("length", 1),
    "kilometre": ("length", 1000),
    "kilometer": ("length", 1000),
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_PLURAL = rf"(?:{_UNIT})(?:s(?=\W|$))?(?!\w)"
_NUMBER = rf"(?:{DIGITS}|(?<!\w)(?:{SURE}|{ENGLISH})(?!\w))"
_BEFORE_UNIT = rf"(?:{DIGITS}|(?<!\w)(?:{SURE}|{UNSURE}|{ENGLISH}|one)(?!\w))"
_LOW = r"(?:(?P<low_open>trên|dưới|over|more than|under|less than) )?"
_HIGH = r"(?:(?P<high_open>dưới|chưa đủ|under|less than) )?"
_TO = r"(?: ?- ?| (?:cho )?đến | tới | to | and | up to )"
_RANGE = re.compile(
    rf"(?<![\w.,/])(?:(?P<from>từ đủ|từ|from|between|aged?) )"
    rf"?{_LOW}(?P<low>{_BEFORE_UNIT})(?: ?(?P<low_scale>{SCALE})(?!\w))?"
    rf"(?: ?(?P<low_unit>{_PLURAL}))?{_TO}(?:đủ )?{_HIGH}(?P<high>{_BEFORE_UNIT})(?: "
    rf"?(?P<scale>{SCALE})(?!\w))?"
    rf"(?: ?(?P<unit>{_PLURAL}))?(?!\w|/\d|[.,]\d)"
)
_ONE = re.compile(
    rf"(?<![\w.,/])(?P<low>{_BEFORE_UNIT})(?P<half> rưỡi(?= ))?(?: ?(?P<scale>{SCALE})"
    rf"(?!\w))?(?P<half2> rưỡi)?"
    rf"(?: ?(?P<unit>{_PLURAL})(?P<half3> rưỡi)?)?(?!\w|/\d|[.,]\d)"
)
_OPEN = {"trên": "over", "more than": "over", "dưới": "under", "less than": "under"}
_AGED = re.compile(r"\b(?:aged?|tuổi từ|the age of) (?P<low>\d{1,3})\b")
_MONEY_SIGN = re.compile(r"(?:₫|vnd|vnđ) ?(?P<low>\d{1,3}(?:[.,]\d{3})+)")
# No number at all, and a different thing from any: `vài ngày`, `trong ngày`.
_VAGUE = re.compile(
    rf"\b(?P<many>một vài|vài ba|vài|mấy|dăm|ít|nhiều|a few|few|several|many) (?P<unit>{_PLURAL})"
)
_MANY: Final = frozenset(("nhiều", "many"))
_SAME_DAY = re.compile(
    r"\btrong ngày\b(?! (?:\d|lễ|nghỉ|tết|hội|cưới|thứ|chủ nhật|bầu|giỗ|đầu|cuối|này|đó|ấy|ra))"
    r"|\b(?:on|within) the same day\b"
)
# Written out, with no number to read.
_FIXED: Final[tuple[tuple[re.Pattern[str], Kind, float], ...]] = (
    (re.compile(r"\bmột nửa\b|\bhalf\b"), "percent", 50.0),
    (re.compile(r"\bmột phần ba\b|\b(?:one|a) third\b"), "percent", 33.3),
    (re.compile(r"\bhai phần ba\b|\btwo thirds\b"), "percent", 66.7),
    (re.compile(r"\bmột phần tư\b|\b(?:one|a) quarter\b"), "percent", 25.0),
    (re.compile(r"\bba phần tư\b|\bthree quarters\b"), "percent", 75.0),
    (re.compile(r"\bgấp đôi\b|\btwice\b|\bdouble\b"), "times", 2.0),
    (re.compile(r"\bgấp ba\b|\bthree times\b|\btriple\b"), "times", 3.0),
    (re.compile(r"\bnửa năm\b|\bhalf a year\b"), "months", 6.0),
    (re.compile(r"\bnửa tháng\b|\bhalf a month\b"), "months", 0.5),
    (re.compile(r"\bmột lần\b|(?<!at )\bonce\b(?! (?:the|a|you|it)\b)|\bone[- ]time\b"), "times", 1.0),
)
_ORDINAL = re.compile(
    r"\b(?:lần thứ|lần|thứ) (đầu tiên|đầu|sau|nhất|hai|ba|tư|năm|sáu|bảy|\d{1,2})\b(?! "
    r"(?:ngày|tháng|năm|giờ|lần|người)\b)"
)
_ORDINALS = {
    "đầu tiên": 1,
    "đầu": 1,
    "sau": 99,
    "nhất": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
}
_ENGLISH_ORDINAL = re.compile(
    r"(?<!one )(?<!a )\b(first|second|third|fourth|monday|tuesday|wednesday|thursday|friday|saturday)s?\b"
)
_ENGLISH_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "monday": 2,
    "tuesday": 3,
    "wednesday": 4,
    "thursday": 5,
    "friday": 6,
    "saturday": 7,
}
_LONE = re.compile(r"\b(?:một|one)\b(?! (?:phần|nửa|số|cách|vài|mình)\b)")
_RATE = re.compile(
    r"(?:(?<=đồng )một|(?<=đ )một|(?<=% )một|mỗi|hằng|hàng|(?<=[\w%])/|\bper|\b(?:a|each|every)) ?"
    r"(?P<unit>giờ|ngày|tuần|tháng|năm|lần|hour|day|week|month|year|time)\b"
)
_EVERY = {"hour": "giờ", "day": "ngày", "week": "tuần", "month": "tháng", "year": "năm", "time": "lần"}
_EVERY_WORD = re.compile(r"\b(?P<unit>daily|weekly|monthly|yearly)\b")
_EVERY_WORDS = {"daily": "ngày", "weekly": "tuần", "monthly": "tháng", "yearly": "năm"}
_NOT_COUNTED = re.compile(r"(?:cả )?(?:hai|two) (?:bên|vợ chồng|sides|parties)\b|ba (?:mẹ|má|con)\b")
_NOT_AFTER = re.compile(r"(?:mỗi|hằng|hàng|từng|những|các|cả|cuối|đầu|nửa|\d|một|vài|mấy|nhiều) $")
_PHONE = re.compile(
    r"(?<![\w/.,])(?:\+ ?84|84|0)(?:[ .-]?\d){8,10}(?![\d/])|(?<![\w/.,])1[89]00(?:[ .-]?\d){4,6}(?![\d/])"
)
_RAW = re.compile(r"\d[\d.,/:-]*\d|\d")

_AT_MOST = (
    "tối đa|không quá|nhiều nhất|cao nhất|chậm nhất|muộn nhất|lâu nhất|không vượt quá|chưa quá|không hơn"
    "|up to|at most|no more than|not more than|maximum|a maximum|no longer than|no later than|not exceed"
    "|not exceeding|not longer than"
)
_AT_LEAST = (
    "ít nhất|tối thiểu|thấp nhất|không dưới|không ít hơn"
    "|at least|minimum|a minimum|no less than|not less than"
)
# The first that ends right before the quantity counts.
_BOUND_WORDS: Final[tuple[tuple[Bound, str], ...]] = (
    ("at_most", _AT_MOST),
    ("at_least", _AT_LEAST),
    ("under", "dưới|chưa đủ|chưa đến|chưa tới|under|less than|below|fewer than"),
    ("over", "trên|hơn|quá|over|more than|above"),
    ("within", "trong|trong khoảng|trong vòng|trong thời hạn|trong thời gian|within|in"),
    ("before", "trước|before"),
    ("after", "sau|after"),
    ("about", "khoảng|chừng|gần|about|around|approximately"),
    ("at_least", "từ đủ|từ|đủ|from"),
    ("at_most", "đến|tới|to"),
)
_BOUNDS: Final[tuple[tuple[Bound, re.Pattern[str]], ...]] = tuple(
    (bound, re.compile(rf"(?:^|\W)(?:{words})(?: (?:là|thêm|bằng|phải|đủ|trong|cho|of|another|mức))*[ :*]*$"))
    for bound, words in _BOUND_WORDS
)
_FROM_UP = re.compile(r"[^,;.\n]{0,40}?\b(?:trở lên|or more|or older|or over|and over|upwards?)\b")
_DOWN = re.compile(r"[^,;.\n]{0,20}?\b(?:trở xuống|or less|or fewer|or under)\b")
_LOOK_BACK = 32  # characters


def phones(text: str) -> Iterator[Fact]:
    """The telephone numbers in plain *text*, as digits that begin with 0 or 1."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        national = f"0{digits[2:]}" if digits.startswith("84") else digits
        yield Fact("phone", (national,), match.start(), match.end())


def quantities(text: str) -> Iterator[Fact]:
    """The quantities in plain *text*: ranges first, then what is written out, then single ones."""
    for match in _RANGE.finditer(text):
        yield from _range(match)
    for pattern, kind, value in _FIXED:
        for match in pattern.finditer(text):
            yield Fact(kind, (value,), match.start(), match.end(), bound_before(text, match.start()))
    yield from _vague(text)
    for match in _MONEY_SIGN.finditer(text):
        yield Fact("money", (value_of(match["low"]),), match.start(), match.end(), bound_of(text, match))
    for match in _AGED.finditer(text):
        yield Fact("age", (float(match["low"]),), match.start(), match.end(), bound_of(text, match))
    for match in _ONE.finditer(text):
        yield from _one(text, match)


def rates(text: str) -> Iterator[Fact]:
    """Per what plain *text* counts: `mỗi ngày`, `đồng/tháng`, `a day`."""
    for match in _RATE.finditer(text):
        yield Fact("rate", (_EVERY.get(match["unit"], match["unit"]),), match.start(), match.end())
    for match in _EVERY_WORD.finditer(text):
        yield Fact("rate", (_EVERY_WORDS[match["unit"]],), match.start(), match.end())


def ordinals(text: str) -> Iterator[Fact]:
    """Which of several plain *text* says, and days of the week: `lần thứ hai`, `thứ 3`, `Tuesday`."""
    for match in _ORDINAL.finditer(text):
        number = int(match[1]) if match[1].isdigit() else _ORDINALS[match[1]]
        yield Fact("ordinal", (number,), match.start(), match.end())
    for match in _ENGLISH_ORDINAL.finditer(text):
        yield Fact("ordinal", (_ENGLISH_ORDINALS[match[1]],), match.start(), match.end())


def raw_numbers(text: str) -> Iterator[Fact]:
    """All other digits, as they stand."""
    for match in _RAW.finditer(text):
        yield Fact("raw", (match.group(),), match.start(), match.end())


def _range(match: re.Match[str]) -> Iterator[Fact]:
    unit = _unit(match["unit"]) or _unit(match["low_unit"])
    if unit is None and not (match["scale"] or match["low_scale"]):
        unit = ("age" if (match["from"] or "").startswith("age") else "count", 1.0)
    if _unsure(match["high"]) and not match["unit"] and not match["scale"]:
        return
    kind, size = unit or ("money", 1.0)
    low_unit = _unit(match["low_unit"])
    low_size = low_unit[1] if low_unit and low_unit[0] == kind else size
    if low_unit and low_unit[0] != kind:
        return  # "từ 3 ngày đến 2 tháng": two quantities
    scale = SCALES.get(match["scale"] or "", 1.0)
    low_scale = SCALES.get(match["low_scale"] or "", 1.0 if match["low_unit"] else scale)
    low, high = value_of(match["low"]) * low_scale * low_size, value_of(match["high"]) * scale * size
    opens = match["low_open"] or "", "under" if match["high_open"] else ""
    opens = _OPEN.get(opens[0], opens[0]), opens[1]
    if low < high:
        yield Fact(kind, (low, high, *opens), match.start(), match.end())


def _vague(text: str) -> Iterator[Fact]:
    for match in _VAGUE.finditer(text):
        if unit := _unit(match["unit"]):
            many = "many" if match["many"] in _MANY else "few"
            yield Fact(unit[0], (many, unit[1]), match.start(), match.end())
    for match in _SAME_DAY.finditer(text):
        yield Fact("days", ("same",), match.start(), match.end())


def _one(text: str, match: re.Match[str]) -> Iterator[Fact]:
    unit = _unit(match["unit"])
    written = match["low"]
    if _unsure(written) and (unit is None or unit[0] == "age") and not match["scale"]:
        return
    if not written[0].isdigit() and (
        _NOT_COUNTED.match(text, match.start())
        or (_unsure(written) and written != "một" and _NOT_AFTER.search(text[: match.start()]))
    ):
        return
    value = value_of(written)
    if match["half"] or match["half2"] or match["half3"]:
        value += 0.5
    kind, size = unit or (("money", 1.0) if match["scale"] else ("count", 1.0))
    value *= SCALES.get(match["scale"] or "", 1.0) * size
    yield Fact(kind, (value,), match.start(), match.end(), bound_of(text, match))


def _unsure(written: str) -> bool:
    return written in {"một", "năm", "one"}


def _unit(written: str | None) -> tuple[Kind, float] | None:
    if written is None:
        return None
    return _UNITS.get(written) or _UNITS.get(written.removesuffix("s"))


def lone_bounds(text: str) -> Iterator[Bound]:
    """What bounds each `một` of plain *text* that is no number by itself: `ít nhất một người`."""
    for match in _LONE.finditer(text, 1):  # at the beginning it is "a", not "one"
        yield bound_before(text, match.start())


def bound_of(text: str, match: re.Match[str]) -> Bound:
    """What bounds the quantity that *match* found in *text*."""
    if _FROM_UP.match(text, match.end()):
        return "at_least"
    if _DOWN.match(text, match.end()):
        return "at_most"
    return bound_before(text, match.start())


def bound_before(text: str, start: int) -> Bound:
    """What the words before *start* say of the quantity there."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return next((bound for bound, pattern in _BOUNDS if pattern.search(before)), "")
