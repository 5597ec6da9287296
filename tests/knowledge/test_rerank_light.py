"""The light reranker: a few shares, weighed by data, put documents in order."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from knowledge.evidence import Asked, Shares
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


def shares_of(asked: str, heading: str, *section: str) -> Shares:
    """What the first text of *section*, under *heading*, has of a question."""
    return Asked(read_query(asked, NOTHING), all_alike).shares(passage(1, heading, section[0]), section)


def test_shares_count_what_the_passage_holds_and_what_of_its_heading_is_asked() -> None:
    shares = shares_of("đe dọa giết người", "Tội đe dọa giết người", "Người nào đe dọa thì bị phạt")
    assert shares.pairs == 1.0
    assert shares.heading_pairs == 1.0
    assert shares.heading_asked == pytest.approx(4 / 5)
    assert shares.heading_pairs_asked == pytest.approx(3 / 4)


def test_nothing_in_common_is_zero_and_an_empty_question_too() -> None:
    for asked in ("thả diều sáo", ""):
        assert set(asdict(shares_of(asked, "Hòa giải", "Tổ hòa giải")).values()) == {0.0}


def test_words_side_by_side_count_as_a_pair_only_there() -> None:
    assert shares_of("hòa giải", "", "hòa giải").pairs == 1.0
    assert shares_of("hòa giải", "", "giải cho hòa").pairs == 0.0


def test_the_law_in_a_heading_s_brackets_and_its_number_are_no_words_of_the_heading() -> None:
    heading = "Điều 34. Cấp giấy chứng nhận (38/2019/QH14 Luật Quản lý thuế (sửa đổi))"
    shares = shares_of("cấp giấy chứng nhận", heading, "Trong ba ngày.")
    assert shares.heading_asked == 1.0
    assert shares.heading_pairs_asked == 1.0
    assert shares.place_asked == 0.0
    assert shares_of("luật quản lý thuế sửa đổi", heading, "Trong ba ngày.").place_asked == 1.0


def test_a_heading_without_brackets_is_of_its_document() -> None:
    assert shares_of("luật nào", "Hòa giải", "Tổ hòa giải").place_asked == 1.0  # its title is "Luật"


def test_what_is_asked_may_be_spread_over_a_section() -> None:
    spread = shares_of("hòa giải viên được thù lao", "", "Hòa giải viên có quyền:", "Được thù lao.")
    alone = shares_of("hòa giải viên được thù lao", "", "Hòa giải viên có quyền:")
    assert (spread.pairs, alone.pairs) == (alone.pairs, spread.pairs)
    assert spread.section_held > alone.section_held
    assert spread.section_pairs == pytest.approx(4 / 5)  # "viên được" stands in neither
    assert alone.section_pairs == pytest.approx(2 / 5)


def test_of_two_equal_documents_the_one_whose_heading_is_asked_comes_first() -> None:
    query = read_query("mức phạt tội đe dọa giết người", NOTHING)
    other = passage(1, "Phạm vi điều chỉnh", "Tội đe dọa giết người và mức phạt nói ở dưới.")
    meant = passage(2, "Tội đe dọa giết người", "Tội đe dọa giết người và mức phạt nói ở dưới.")
    sections = {item.id: (item.text,) for item in (other, meant)}
    scores = light_scores(features_of(query, [other, meant], sections, NO_SIGNALS, alike), shipped_weights())
    assert scores[2] > scores[1]


def test_of_two_equal_passages_the_one_whose_section_goes_on_about_it_comes_first() -> None:
    query = read_query("hòa giải viên được thù lao", NOTHING)
    one, other = (passage(number, "Quyền", "Hòa giải viên có quyền:") for number in (1, 2))
    sections = {1: (one.text, "Xem hồ sơ."), 2: (other.text, "Được thù lao.")}
    scores = light_scores(features_of(query, [one, other], sections, NO_SIGNALS, alike), shipped_weights())
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
