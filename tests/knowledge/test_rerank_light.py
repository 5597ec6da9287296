"""The light reranker: a few shares, weighed by data, put documents in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.evidence import Asked
from knowledge.model import Audience, DocumentMeta, Passage
from knowledge.query import read_query
from knowledge.rerank_light import (
    FEATURES,
    SIGNALS,
    features_of,
    light_scores,
    read_weights,
    shipped_weights,
)
from knowledge.text.restore import Restorer

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = Restorer.build([])
NO_SIGNALS: dict[str, dict[int, float]] = {name: {} for name in SIGNALS}


def passage(number: int, heading: str, text: str) -> Passage:
    meta = DocumentMeta(key="luat", title="Luật")
    return Passage(id=number, meta=meta, anchor=str(number), text=text, locator="", heading=heading)


def all_alike(_term: str) -> float:
    return 1.0


def alike(_audience: Audience) -> Callable[[str], float]:
    return all_alike


def test_shares_count_what_the_passage_holds_and_what_of_its_heading_is_asked() -> None:
    query = read_query("đe dọa giết người", NOTHING)
    shares = Asked(query, all_alike).shares(
        passage(1, "Tội đe dọa giết người", "Người nào đe dọa thì bị phạt")
    )
    assert shares.pairs == 1.0
    assert shares.heading_pairs == 1.0
    assert shares.heading_asked == pytest.approx(4 / 5)


def test_nothing_in_common_is_zero_and_an_empty_question_too() -> None:
    for asked in ("thả diều sáo", ""):
        shares = Asked(read_query(asked, NOTHING), all_alike).shares(passage(1, "Hòa giải", "Tổ hòa giải"))
        assert (shares.pairs, shares.heading_pairs, shares.heading_asked) == (0, 0, 0)


def test_words_side_by_side_count_as_a_pair_only_there() -> None:
    asked = Asked(read_query("hòa giải", NOTHING), all_alike)
    assert asked.shares(passage(1, "", "hòa giải")).pairs == 1.0
    assert asked.shares(passage(1, "", "giải cho hòa")).pairs == 0.0


def test_of_two_equal_documents_the_one_whose_heading_is_asked_comes_first() -> None:
    query = read_query("mức phạt tội đe dọa giết người", NOTHING)
    other = passage(1, "Phạm vi điều chỉnh", "Tội đe dọa giết người và mức phạt nói ở dưới.")
    meant = passage(2, "Tội đe dọa giết người", "Tội đe dọa giết người và mức phạt nói ở dưới.")
    scores = light_scores(features_of(query, [other, meant], NO_SIGNALS, alike), shipped_weights())
    assert scores[2] > scores[1]


def test_weights_are_brought_to_sum_one() -> None:
    lines = "\n".join(f"{name} = {at}" for at, name in enumerate(FEATURES))
    weights = read_weights(f"[weights]\n{lines}\n")
    assert sum(weights.of.values()) == pytest.approx(1.0)
    assert tuple(weights.of) == FEATURES


def test_the_shipped_weights_know_every_feature_and_both_sides_count() -> None:
    weights = shipped_weights().of
    assert set(weights) == set(FEATURES)
    assert all(weights[name] > 0 for name in ("by_words", "by_meaning"))
    assert all(weight >= 0 for weight in weights.values())
