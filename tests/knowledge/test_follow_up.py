"""A follow-up leans on what was asked before; a question that stands alone does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.follow_up import leans_on_previous, with_previous
from knowledge.text.folding import fold

FOLLOW_UPS = [
    "thế còn ở xã?",
    "Thế ở tỉnh thì sao?",
    "còn trẻ em thì sao",
    "vậy mất bao lâu?",
    "what about at night?",
    "rồi sao nữa",
]
ALONE = [
    "Muốn nhờ tổ hòa giải thì phải gặp ai ở thôn?",
    "vậy nếu tôi bị hàng xóm đánh rồi đe dọa giết cả nhà thì phải báo công an ở đâu bây giờ",
    "hang xom danh nhau thi goi ai hoa giai",
    "How do I report a theft to the commune police?",
]


@pytest.mark.parametrize("text", FOLLOW_UPS)
def test_a_follow_up_is_told_with_marks_and_without(text: str) -> None:
    assert leans_on_previous(text)
    assert leans_on_previous(fold(text))
    assert leans_on_previous(text.upper())


@pytest.mark.parametrize("text", ALONE)
def test_a_question_that_stands_alone_is_no_follow_up(text: str) -> None:
    assert not leans_on_previous(text)
    assert not leans_on_previous(fold(text))


@pytest.mark.parametrize(
    "text", ["Các bước tố giác tội phạm", "Thesis defence at a university", "Valium bán ở đâu thì bị phạt"]
)
def test_a_word_that_only_begins_like_an_opener_is_none(text: str) -> None:
    assert not leans_on_previous(text)


def test_a_follow_up_is_joined_with_the_last_question_that_stood_alone() -> None:
    previous = (ALONE[0], ALONE[2], "thế còn ở xã?")
    assert with_previous("vậy mất bao lâu?", previous) == f"{ALONE[2]} vậy mất bao lâu?"
    assert with_previous("vậy mất bao lâu?", ("thế còn ở xã?", "ở tỉnh?")) == "ở tỉnh? vậy mất bao lâu?"


@given(text=st.text(max_size=80), previous=st.lists(st.text(max_size=80), min_size=1, max_size=4).map(tuple))
def test_any_texts_can_be_joined(text: str, previous: tuple[str, ...]) -> None:
    """What was typed now stands last, after exactly one earlier question."""
    leans_on_previous(text)
    assert with_previous(text, previous) in {f"{earlier} {text}" for earlier in previous}
