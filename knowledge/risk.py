"""Risk against coverage: how often answers are wrong, by how many questions are answered at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Point:
    """
    What a threshold does.

    `coverage` is the share of all questions answered at it, `risk` the share of those answered wrongly.
    """

    threshold: float
    coverage: float
    risk: float


def curve(judged: Iterable[tuple[float, bool]]) -> list[Point]:
    """
    The curve through every threshold, from the strictest to answering everything.

    Args:
        judged: Each question's confidence (0…1), and whether its answer would be right.
    """
    ordered = sorted(judged, key=lambda item: -item[0])
    points: list[Point] = []
    wrong = 0
    for done, (confidence, right) in enumerate(ordered, 1):
        wrong += not right
        if done == len(ordered) or ordered[done][0] < confidence:  # equal confidences are answered together
            points.append(Point(confidence, done / len(ordered), wrong / done))
    return points


def area(points: Sequence[Point]) -> float:
    """The mean risk over all coverages (AURC): 0 is perfect, lower is better; 0 for no points."""
    before, total = 0.0, 0.0
    for point in points:
        total += (point.coverage - before) * point.risk
        before = point.coverage
    return total
