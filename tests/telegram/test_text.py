"""Words within Telegram's limits: nothing lost, nothing cut inside a tag."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.text import cut, escape, from_markdown, pieces, plain, shown_units, units

_MARKDOWN = st.lists(
    st.sampled_from(["**đậm**", "chữ < & >", "- mục", "1. bước", "😀😀", "\n", "\n\n", "a. b! c?", "x" * 70])
).map(" ".join)
_LETTERS = re.compile(r"\s+")


def letters(words: str) -> str:
    return _LETTERS.sub("", words)


@given(_MARKDOWN, st.integers(min_value=8, max_value=200))
def test_pieces_lose_nothing_and_fit(markdown, limit):
    markup = from_markdown(markdown)
    cut_up = pieces(markup, limit)

    assert all(0 < shown_units(piece) <= limit for piece in cut_up)
    assert letters("".join(map(plain, cut_up))) == letters(plain(markup))
    for piece in cut_up:
        assert piece.count("<b>") == piece.count("</b>"), piece


def test_pieces_are_cut_at_paragraphs_before_sentences():
    first, second = "Câu một. " * 5, "Câu hai. " * 5
    assert pieces(f"{first.strip()}\n\n{second.strip()}", 60) == (first.strip(), second.strip())


def test_a_long_paragraph_is_cut_at_a_sentence():
    told = pieces("Gọi 113 ngay. Nói rõ mình ở đâu. Giữ máy.", 20)
    assert told == ("Gọi 113 ngay.", "Nói rõ mình ở đâu.", "Giữ máy.")


def test_what_people_write_is_never_markup():
    assert from_markdown("<b>đừng</b> & **đậm**") == "&lt;b&gt;đừng&lt;/b&gt; &amp; <b>đậm</b>"


def test_half_characters_do_not_leave_the_house():
    assert escape("a\ud800b\x00c") == "abc"


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_cut_text_fits(words, limit):
    assert units(cut(words, limit)) <= max(limit, 1)


@pytest.mark.parametrize(("words", "expected"), [("a", 1), ("ệ", 1), ("😀", 2)])
def test_units_are_counted_as_telegram_counts(words, expected):
    assert units(words) == expected


def test_nothing_to_read_is_no_message():
    assert pieces("") == pieces("\n \n") == ()
