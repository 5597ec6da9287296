"""Scores of different kinds are stretched to 0…1 and added; their order is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fusion import fuse, min_max, weighted

scores = st.dictionaries(st.integers(0, 50), st.floats(-1e3, 1e3), max_size=20)


@given(scores)
def test_stretching_keeps_the_order_and_reaches_both_ends(given_scores: dict[int, float]) -> None:
    stretched = min_max(given_scores)
    assert stretched.keys() == given_scores.keys()
    assert all(0.0 <= value <= 1.0 for value in stretched.values())
    if given_scores:
        assert max(stretched.values()) == 1.0
    for one, first in given_scores.items():
        for two, second in given_scores.items():
            assert first > second or stretched[one] <= stretched[two]


def test_the_only_score_or_all_alike_become_one() -> None:
    assert min_max({}) == {}
    assert min_max({7: -3.0}) == {7: 1.0}
    assert min_max({1: 2.0, 2: 2.0}) == {1: 1.0, 2: 1.0}


def test_a_worked_example() -> None:
    fused = fuse({1: 0.9, 2: 0.8, 3: 0.7}, {2: 12.0, 4: 4.0}, dense_weight=0.5)
    assert fused == pytest.approx({1: 0.5, 2: 0.25 + 0.5, 3: 0.0, 4: 0.0})


@given(dense=scores, lexical=scores, share=st.floats(0.1, 0.9))
def test_fused_scores_stay_between_zero_and_one(
    dense: dict[int, float], lexical: dict[int, float], share: float
) -> None:
    fused = fuse(dense, lexical, dense_weight=share)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in fused.values())


@given(dense=scores.filter(bool))
def test_a_side_that_found_nothing_does_not_count(dense: dict[int, float]) -> None:
    """Or a question without a word in common would lose half of its score."""
    assert fuse(dense, {}, dense_weight=0.3) == pytest.approx(min_max(dense))
    assert fuse({}, dense, dense_weight=0.3) == pytest.approx(min_max(dense))


@given(st.dictionaries(st.sampled_from("abc"), scores, min_size=1))
def test_only_the_ratio_of_weights_matters(signals: dict[str, dict[int, float]]) -> None:
    some = weighted(signals, {"a": 1.0, "b": 0.5, "c": 2.0})
    assert some == pytest.approx(weighted(signals, {"a": 10.0, "b": 5.0, "c": 20.0}))
