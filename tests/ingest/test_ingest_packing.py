from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.packing import pack, pack_text, sentences, split_long

_TEXTS = st.text(alphabet='aăđ ượ.!?:;\n"1TP(', max_size=600)
_LIMITS = st.integers(min_value=1, max_value=200)


def _letters(text: str) -> str:
    return "".join(text.split())


@given(_TEXTS, _LIMITS)
def test_packing_loses_nothing_repeats_nothing_and_keeps_the_order(text, limit):
    assert _letters("".join(pack_text(text, limit=limit))) == _letters(text)


@given(_TEXTS, _LIMITS)
def test_no_passage_is_longer_than_the_limit_or_empty(text, limit):
    assert all(0 < len(piece) <= limit for piece in pack_text(text, limit=limit))


@given(st.lists(st.text(alphabet="ab .", min_size=1, max_size=80), max_size=20))
def test_units_that_fit_are_never_cut(units):
    packed = pack(units, limit=80)
    for unit in units:
        assert any(unit.strip() in piece for piece in packed) or not unit.strip()


@given(_TEXTS)
def test_sentences_joined_are_the_text_again(text):
    assert _letters("".join(sentences(text))) == _letters(text)


def test_neighbours_share_a_passage_while_they_fit():
    assert pack(["một", "hai", "ba"], limit=7) == ["một\nhai", "ba"]


def test_a_long_line_is_cut_at_the_end_of_a_sentence():
    assert split_long("Câu một dài. Câu hai dài.", 15) == ["Câu một dài.", "Câu hai dài."]


def test_abbreviations_and_list_numbers_end_no_sentence():
    assert sentences("Ở TP. Hồ Chí Minh. 1. Người dân đến.") == ["Ở TP. Hồ Chí Minh.", "1. Người dân đến."]


def test_a_limit_of_zero_is_refused():
    with pytest.raises(ValueError, match="positive"):
        pack(["a"], limit=0)
