"""The same article on two pages is one; the same words about another place, year or figure are two."""

from __future__ import annotations

import random
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.trust.twins import (
    ALIKE,
    TwinIndex,
    adds_nothing,
    jaccard,
    names_in,
    precedence,
    runs_of,
    signature_of,
    turns_alike,
)
from knowledge.model import DocumentMeta

ARTICLE = (
    'Mô hình "Tổ liên gia tự quản" ở thôn 7 ra mắt đầu năm 2023 với 15 thành viên, do bí thư chi bộ làm tổ '
    "trưởng. Tổ chia bốn nhóm đi tuần từ 22 giờ đến 2 giờ sáng, nhận tin của bà con qua loa thôn và báo ngay "
    "cho công an xã.\nSau hai năm, thôn giảm 6 vụ mất trộm so với trước; tổ đã cùng hòa giải viên giải quyết "
    "ổn thỏa 9 vụ xích mích."
)
REPOST = ARTICLE.replace("của bà con", "của người dân").replace("giải quyết ổn thỏa", "giải quyết")
WORDS = [
    "tổ",
    "dân",
    "phố",
    "công",
    "an",
    "xã",
    "phường",
    "họp",
    "bàn",
    "giữ",
    "gìn",
    "trật",
    "tự",
    "tuần",
    "tra",
    "đêm",
    "trẻ",
    "em",
    "cha",
    "mẹ",
    "nhà",
    "trường",
]


def test_a_repost_with_a_few_words_changed_is_alike_and_adds_nothing():
    assert jaccard(runs_of(ARTICLE), runs_of(REPOST)) >= ALIKE
    assert adds_nothing(REPOST, ARTICLE)
    assert adds_nothing(ARTICLE, REPOST)


@pytest.mark.parametrize(
    ("old", "new"),
    [("15 thành viên", "17 thành viên"), ("thôn 7", "thôn 9"), ("công an xã", "công an xã Tân Lập")],
)
def test_another_figure_or_place_is_no_copy(old, new):
    other = ARTICLE.replace(old, new)
    assert jaccard(runs_of(ARTICLE), runs_of(other)) >= ALIKE
    assert not adds_nothing(other, ARTICLE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nhận tin", "không nhận tin"),
        ("15 thành viên", "thành viên"),
        ("từ 22 giờ đến 2 giờ", "từ 2 giờ đến 22 giờ"),
    ],
)
def test_a_denial_or_figures_exchanged_make_a_text_another(old, new):
    assert turns_alike(REPOST, ARTICLE)
    assert not turns_alike(ARTICLE.replace(old, new), ARTICLE)


def test_names_are_known_by_their_capitals_and_first_words_are_none():
    assert names_in("Sáng nay xã Tân Lập họp. Bà con vui.\nNhà ông Tư, bà Năm") == {"tan lap", "tu", "nam"}


def test_an_office_answers_before_the_dated_the_earlier_the_longer():
    def rank(length=100, *, official=False, issued=None, key="a"):
        meta = DocumentMeta(key=key, title="", issued=issued)
        return precedence(meta, length, is_official=official)

    early, late = date(2025, 3, 3), date(2025, 3, 4)
    order = [
        rank(official=True), rank(issued=early), rank(issued=late), rank(200), rank(key="a"), rank(key="b")
    ]  # fmt: skip
    assert order == sorted(order)


@given(st.text(max_size=400))
def test_a_text_is_like_itself_and_a_short_one_has_no_signature(text):
    runs = runs_of(text)
    assert jaccard(runs, runs) in {0.0, 1.0}
    assert (signature_of(runs) == b"") == (len(runs) < 20)


def test_the_index_finds_copies_and_forgets_what_is_dropped():
    index = TwinIndex()
    index.add("a", signature_of(runs_of(ARTICLE)))
    index.add("b", signature_of(runs_of(" ".join(WORDS * 10))))
    assert index.may_be_like(signature_of(runs_of(REPOST))) == {"a"}
    index.drop("a")
    assert index.may_be_like(signature_of(runs_of(REPOST))) == set()
    assert index.may_be_like(b"") == set()


def test_copies_are_found_among_two_thousand_in_a_moment():
    chance = random.Random(7)  # noqa: S311 - texts for a test
    texts = [" ".join(chance.choice(WORDS) for _ in range(250)) for _ in range(2_000)]
    begun = time.perf_counter()
    index = TwinIndex()
    for number, text in enumerate(texts):
        index.add(str(number), signature_of(runs_of(text)))
    found = 0
    for number, text in enumerate(texts[:200]):
        copy = text.replace(" ", "  ", 3) + " thêm một câu cuối bài"
        found += str(number) in index.may_be_like(signature_of(runs_of(copy)))
    assert found == 200
    assert time.perf_counter() - begun < 30  # seconds; two on an idle machine
