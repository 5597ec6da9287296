"""Slips of the keyboard become the word that was meant; words people use are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.folding import fold, syllables
from knowledge.text.restore import Restorer
from knowledge.text.typing_slips import is_slip, is_syllable, mend, neighbours

RESTORER = Restorer.build(
    ["Người nghiện đi cai ngoài xã.", "Phụ huynh thăm trường giáo dưỡng.", "Đi báo công an phòng hòa giải."]
)
KNOWN = RESTORER.vocabulary


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("baos", "bao"),
        ("ddi", "di"),
        ("đâuu", "đâuu"),
        ("phongf", "phong"),
        ("xaxx", "xa"),
        ("anhhh", "anhhh"),
    ],
)
def test_half_typed_telex_and_held_letters_are_let_go(typed: str, meant: str) -> None:
    """Where the corpus then knows the word, and only there."""
    assert mend(typed, KNOWN) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ngihện", "nghiện"), ("ngaoi", "ngoài"), ("huynhk", "huynh"), ("gjải", "giải"),
        ("truwong", "trường"),
    ],
)  # fmt: skip
def test_one_wrong_letter_is_mended(typed: str, meant: str) -> None:
    assert RESTORER.mend(f"báo {typed}") == f"báo {meant}"


@pytest.mark.parametrize(
    "word", ["xài", "hẻm", "khuya", "trêu", "chém", "xúm", "zalo", "clb", "113", "35/2013", ""]
)
def test_a_word_that_vietnamese_spells_so_or_that_is_no_word_is_left(word: str) -> None:
    """The corpus need not know every word people use."""
    assert neighbours(word, KNOWN) == {}
    assert RESTORER.mend(word) == word


def test_letters_that_changed_places_are_likelier_than_a_wrong_one() -> None:
    near = neighbours("ngaoi", {"ngoai": 0, "nguoi": 0})
    assert near["ngoai"] > near["nguoi"]


def test_the_marks_that_were_typed_decide() -> None:
    restorer = Restorer.build(["nghiện nghiện nghiện nghiên nghiên nghiên nghiên"])
    assert restorer.mend("ngihện") == "nghiện"
    assert restorer.mend("ngihên") == "nghiên"


@pytest.mark.parametrize(
    "word",
    [
        "nghien",
        "nguoi",
        "gi",
        "gin",
        "quoc",
        "khuya",
        "xuyen",
        "tuyet",
        "ke",
        "ghe",
        "cau",
        "yeu",
        "oan",
        "uong",
        "xoong",
    ],
)
def test_vietnamese_syllables_are_known_as_such(word: str) -> None:
    assert is_syllable(word)
    assert not is_slip(word)


@pytest.mark.parametrize(
    "word", ["ngien", "ngaoi", "kong", "cinh", "ghoa", "truong1", "thuogn", "bbao", "fhai"]
)
def test_what_vietnamese_does_not_spell_is_none(word: str) -> None:
    assert not is_syllable(word)


@given(st.text(max_size=80))
def test_mending_keeps_the_number_of_words_and_never_raises(text: str) -> None:
    assert len(syllables(RESTORER.mend(text))) == len(syllables(text))


@given(st.lists(st.sampled_from(["nguoi", "nghien", "xa", "zux", "cong", "an"]), max_size=6))
def test_what_the_corpus_knows_is_never_touched(words: list[str]) -> None:
    text = " ".join(words)
    known = [word for word in RESTORER.mend(text).split() if fold(word) in KNOWN]
    assert [fold(word) for word in known] == [word for word in words if word in KNOWN]
