"""
Whether two sources give different figures for the same thing: `03 ngày` here, `05 ngày` there. Pure.

Cautious: two sentences must say nearly the same words around figures of one unit, and neither source may
hold the other's figure anywhere. A difference that is missed costs less than one that is made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.text.folding import folded_syllables, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+|\d+(?:,\d+)?"
_MONEY = {"nghìn": 1e3, "ngàn": 1e3, "k": 1e3, "triệu": 1e6, "tr": 1e6, "tỷ": 1e9, "tỉ": 1e9, "": 1.0}
_SCALE = "nghìn|ngàn|triệu|tr|tỷ|tỉ|k"
_AMOUNT = re.compile(
    rf"(?<![\w.,/])(?P<low>{_NUMBER})\s*(?P<low_scale>{_SCALE})?"
    rf"(?:\s*(?:đồng|đ|vnđ)?\s*(?:-|–|đến|tới)\s*(?P<high>{_NUMBER}))?"
    rf"\s*(?P<scale>{_SCALE})?\s*(?P<dong>đồng|đ|vnđ)?(?!\w)"
)
_SPAN = re.compile(
    rf"(?<![\w.,/])(?P<low>{_NUMBER})(?:\s*(?:-|–|đến|tới)\s*(?P<high>{_NUMBER}))?\s*"
    r"(?P<unit>ngày|tháng|năm|giờ|tuần|tuổi|%|phần trăm)(?!\w)(?!\s*\d{4})"
)
_DATE_BEFORE = re.compile(r"(?:ngày|tháng|tuổi)\s*$")
_PHONE = re.compile(r"(?<![\w/.,])0\d(?:[ .-]?\d){7,9}(?![\w/])")
_UNITS = {"phần trăm": "%"}
_LITTLE = frozenset(
    folded_syllables(
        "là và của cho thì mà có được không phải trong từ đến tới ngày tháng năm giờ tuần đồng triệu nghìn "
        "các một những này đó khi nếu theo với hoặc tại về để ra vào đã sẽ thời hạn hạn kể làm việc mức tiền "
        "phạt tối đa"
    )
)
_SENTENCE = re.compile(r"[^\n.;]+(?:[.;](?=\d)[^\n.;]+)*")
_SHARED_WORDS = 4  # that two sentences must have in common
_SHARED = 0.6  # of the words of the shorter one
_SHARED_OF_LONGER = 0.4  # or a short duty is taken for a part of a longer one of the same people
_ASKED_APART = 0.15  # of what was asked, by weight, that only one of the two speaks of


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with its unit: `(3, 3, "ngày")`, `(2e6, 3e6, "đồng")`; a telephone number as text."""

    low: float | str
    high: float | str
    unit: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sentences that disagree, verbatim but for case and spacing, and the unit they disagree in."""

    first: str
    second: str
    unit: str


def figures(text: str) -> frozenset[Figure]:
    """The quantities that *text* states: money, spans of time, ages, shares, telephone numbers."""
    plain = normalise(text).replace("**", "")
    found: set[Figure] = set()
    for match in _SPAN.finditer(plain):
        if not _DATE_BEFORE.search(plain[: match.start()]):
            found.add(_figure(match["low"], match["high"], _UNITS.get(match["unit"], match["unit"]), 1.0))
    for match in _AMOUNT.finditer(plain):
        scale = match["scale"] or match["low_scale"]
        if scale not in {None, "k", "tr"} or match["dong"]:
            found.add(_figure(match["low"], match["high"], "đồng", _MONEY[scale or ""]))
    phones = {re.sub(r"\D", "", match.group()) for match in _PHONE.finditer(plain)}
    return frozenset(found | {Figure(digits, digits, "phone") for digits in phones})


def difference(
    first: str, second: str, asked: Iterable[str], rarity: Callable[[str], float]
) -> Difference | None:
    """
    Where *first* and *second* differ, or None.

    Args:
        first: The text of one source.
        second: The text of another.
        asked: The folded words of the question.
        rarity: The weight of a folded word.
    """
    if _speak_apart(first, second, asked, rarity):
        return None
    everywhere = figures(first), figures(second)
    for one in _SENTENCE.findall(first):
        mine = figures(one)
        for other in _SENTENCE.findall(second) if mine else ():
            unit = _unit_that_differs(mine, figures(other), everywhere)
            if unit and _alike(one, other):
                return Difference(" ".join(one.split()), " ".join(other.split()), unit)
    return None


def _unit_that_differs(
    mine: frozenset[Figure],
    theirs: frozenset[Figure],
    everywhere: tuple[frozenset[Figure], frozenset[Figure]],
) -> str:
    for unit in sorted({figure.unit for figure in mine} & {figure.unit for figure in theirs}):
        here = {figure for figure in mine if figure.unit == unit}
        there = {figure for figure in theirs if figure.unit == unit}
        if not here & everywhere[1] and not there & everywhere[0]:
            return unit
    return ""


def _alike(one: str, other: str) -> bool:
    words, others = _content(one), _content(other)
    shared = words & others
    short, long = sorted((len(words), len(others)))
    return len(shared) >= max(_SHARED_WORDS, _SHARED * short, _SHARED_OF_LONGER * long)


def _speak_apart(first: str, second: str, asked: Iterable[str], rarity: Callable[[str], float]) -> bool:
    """Whether one of them speaks of something asked that the other does not: `tạm trú`, `tạm vắng`."""
    here, there = set(folded_syllables(first)), set(folded_syllables(second))
    wanted = {word for word in asked if word not in _LITTLE and not word.isdigit()}
    held = {word for word in wanted if word in here or word in there}
    apart = sum(rarity(word) for word in held if (word in here) != (word in there))
    return not held or apart > _ASKED_APART * sum(map(rarity, held))


def _content(sentence: str) -> set[str]:
    return {word for word in folded_syllables(sentence) if word not in _LITTLE and not word[0].isdigit()}


def _figure(low: str, high: str | None, unit: str, scale: float) -> Figure:
    return Figure(_value(low) * scale, _value(high or low) * scale, unit)


def _value(number: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        return float(re.sub(r"\D", "", number))
    return float(number.replace(",", "."))
