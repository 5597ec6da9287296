"""A long text is cut where it pauses: half a phrase must not say what the whole did not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.danger import find_danger
from knowledge.text.cutting import cut_whole, end_whole


def test_a_phrase_is_not_cut_in_two():
    """`đánh bạc` cut behind `đánh` would be a blow."""
    text = "chồng tôi chơi bài suốt, hôm nay chồng tôi đang đánh bạc ở nhà ông Tư"
    cut = cut_whole(text, text.index(" bạc"))
    assert cut == "chồng tôi chơi bài suốt,"
    assert find_danger(cut) is None


def test_without_a_pause_the_last_words_are_left_out():
    assert cut_whole("một hai ba bốn năm sáu", 20) == "một hai ba"
    assert end_whole("một hai ba bốn năm sáu", 20) == "bốn năm sáu"


@given(st.text(max_size=400), st.integers(min_value=1, max_value=300))
def test_what_is_cut_is_no_longer_than_asked_and_was_there(text, limit):
    for cut in (cut_whole(text, limit), end_whole(text, limit)):
        assert len(cut) <= limit or len(text) <= limit
        assert cut in text
