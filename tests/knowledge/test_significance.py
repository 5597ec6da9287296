"""Intervals and tests of significance, against published values and against counting by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.risk import Point, area, curve
from knowledge.significance import sign_test, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_published(hits: int, total: int, low: float, high: float) -> None:
    assert list(wilson(hits, total)) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(0, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_stays_a_share(counted: tuple[int, int]) -> None:
    hits, total = counted
    low, high = wilson(hits, total)
    assert 0 <= low <= (hits / total if total else 0.5) <= high <= 1


@pytest.mark.parametrize(
    ("gained", "lost", "probability"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 2 / 32), (6, 0, 2 / 64), (3, 3, 1.0), (9, 2, 2 * (1 + 11 + 55) / 2048)],
)
def test_the_sign_test_counts_the_ways_of_chance(gained: int, lost: int, probability: float) -> None:
    assert sign_test(gained, lost) == pytest.approx(probability)
    assert sign_test(lost, gained) == pytest.approx(probability)


def test_the_curve_passes_every_threshold_from_the_strictest_on() -> None:
    points = curve([(0.9, True), (0.2, False), (0.5, True), (0.5, False)])
    assert points == [Point(0.9, 0.25, 0.0), Point(0.5, 0.75, 1 / 3), Point(0.2, 1.0, 0.5)]
    assert area(points) == pytest.approx(0.5 / 3 + 0.25 * 0.5)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_answering_everything_risks_what_is_wrong_of_everything(judged: list[tuple[float, bool]]) -> None:
    points = curve(judged)
    assert points[-1].coverage == 1
    assert points[-1].risk == pytest.approx(sum(not right for _, right in judged) / len(judged))
    assert [point.coverage for point in points] == sorted({point.coverage for point in points})
    assert curve([]) == []
    assert area([]) == 0
