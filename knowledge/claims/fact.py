"""What a text states that can be compared: a number with its meaning, a place in a law, an agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

# hours: spans and times of day of less than a day, in minutes; days, working_days, months: spans;
# times: how often; rate: per what; ordinal: which of several, and days of the week; raw: any other
# digits, as written.
Kind = Literal[
    "phone",
    "law",
    "article",
    "chapter",
    "date",
    "hours",
    "days",
    "working_days",
    "months",
    "money",
    "percent",
    "age",
    "times",
    "rate",
    "length",
    "count",
    "ordinal",
    "raw",
    "agency",
]
# at_most: tối đa; within: trong; at_least: ít nhất, từ; over: trên; under: dưới; about: khoảng.
# Of spans and dates: before: trước; after: sau. Of dates only: from: từ; until: đến, chậm nhất.
Bound = Literal[
    "", "at_most", "within", "at_least", "over", "under", "about", "before", "after", "from", "until"
]


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One statement of *kind*, and where it stands in the plain text: from `start` to `end`.

    `value` is a tuple to compare by: `(2e6, 3e6, "", "under")` for a range (low, high and, if they are
    open, how), `(20.0,)` for one quantity, `(30, 6, 2025)` for a date, with None for what is not said.
    """

    kind: Kind
    value: tuple[object, ...]
    start: int
    end: int
    bound: Bound = ""
    clock: bool = False  # a time of day, hours and minutes


class Taken:
    """The stretches of a text that facts already stand on."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def free(self, start: int, end: int) -> bool:
        """Whether nothing stands between *start* and *end* yet."""
        return all(end <= a or start >= b for a, b in self._spans)

    def add(self, facts: Iterable[Fact]) -> list[Fact]:
        """Those of *facts* that stand on free ground, which they then hold."""
        kept = []
        for fact in facts:
            if self.free(fact.start, fact.end):
                self._spans.append((fact.start, fact.end))
                kept.append(fact)
        return kept
