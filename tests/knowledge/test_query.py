"""Reading a question: language, abbreviations, the law's words. It adds, it never raises."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.query import read_query
from knowledge.steps import ALL, NAMES, Steps
from knowledge.text.english import is_english
from knowledge.text.folding import fold, syllables
from knowledge.text.lexicon import lay_words, lexicon, spell_out
from knowledge.text.restore import Restorer

RESTORER = Restorer.build(["Báo công an xã.", "Hòa giải ở cơ sở được không?", "Tôi không biết gì."])


@pytest.mark.parametrize(
    ("typed", "full"),
    [
        ("bao ca xa dc ko", "bao cong an xa duoc khong"), ("Bao CA xa dc KO??", "bao cong an xa duoc khong"),
        ("lam ntn", "lam nhu the nao"), ("Hoà giải", "hoa giai"), ("", ""), ("?!", ""),
    ],
)  # fmt: skip
def test_abbreviations_are_read_out_in_full(typed: str, full: str) -> None:
    assert fold(spell_out(typed)) == full


@pytest.mark.parametrize("abbreviation", sorted(lexicon().abbreviations))
def test_an_abbreviation_has_one_meaning_wherever_it_stands(abbreviation: str) -> None:
    full = " ".join(syllables(lexicon().abbreviations[abbreviation]))
    for template in ("{}", "zux {}", "{} zux", "zux {} zux"):
        assert spell_out(template.format(abbreviation)) == template.format(full)
        assert spell_out(template.format(abbreviation).upper()) == template.format(full)


def test_what_could_mean_several_things_is_left_as_typed() -> None:
    """Alone, `ca` may be công an, cả, cá or ca; `ck` a husband or a transfer."""
    for word in ("ca", "ck", "bt", "mn"):
        assert spell_out(word) == word


@given(st.lists(st.sampled_from(["báo", "công", "an", "xã", "hòa", "giải", "Nguyễn", "113"]), max_size=8))
def test_full_words_are_not_touched(words: list[str]) -> None:
    assert spell_out(" ".join(words)) == " ".join(words).lower()


@given(st.text(max_size=200))
def test_any_text_can_be_spelled_out(text: str) -> None:
    spell_out(text).encode("utf-8")


@pytest.mark.parametrize("lay", sorted(lexicon().lay))
def test_everyday_words_bring_the_words_of_the_law(lay: str) -> None:
    legal = lexicon().lay[lay]
    unmarked = [] if lay in lexicon().needs_marks else [f"HOI {fold(lay).upper()} VOI"]
    for typed in (f"hỏi {lay} với", *unmarked, lay):
        assert f" {legal} " in f" {lay_words(typed)} "
    assert legal not in lay_words(f"zux{lay}zux")


@pytest.mark.parametrize(
    "typed", ["bao ca xa dc ko", "e bị hack nick fb", "làm răng chừ", "tía tui mê đá gà"]
)
def test_what_was_typed_stays_searchable(typed: str) -> None:
    """Expansion is never replacement."""
    query = read_query(typed, RESTORER)
    looked_for = {*query.terms.folded, *query.added.folded}
    assert set(map(fold, syllables(typed))) <= looked_for


def test_regional_words_bring_the_words_that_are_written() -> None:
    query = read_query("làm răng để báo công an", RESTORER)
    assert "sao" in query.added.folded
    assert query.dense == "làm sao để báo công an"


def test_a_wrong_letter_is_mended_for_both_sides() -> None:
    query = read_query("báo côgn an xã", RESTORER)
    assert "cong_an" in query.terms.pairs
    assert query.dense == "báo công an xã"


@pytest.mark.parametrize("step", NAMES)
def test_a_step_left_out_leaves_the_others(step: str) -> None:
    """The bare question is still read: words, a text to embed, and nothing raised."""
    query = read_query("bao ca xa lam răng, chồng đánh, nguoi ngihen", RESTORER, ALL.without(step))
    assert query.terms.folded
    assert query.dense


def test_without_any_step_the_question_is_taken_as_typed() -> None:
    query = read_query("bao ca xa dc ko", RESTORER, Steps.only())
    assert query.terms.folded == ("bao", "ca", "xa", "dc", "ko")
    assert query.dense == "bao ca xa dc ko"
    assert query.added.folded == ()


def test_the_words_of_the_law_stand_beside_what_was_typed() -> None:
    """Added, never put in its place: who typed the right word must still find it."""
    query = read_query("đi tù về thì làm lại giấy tờ ở đâu", RESTORER)
    assert {"tu", "ve", "giay", "to"} <= set(query.terms.folded)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("How do I report a theft to the police?", True),
        ("my husband hits me what can I do", True),
        ("toi can to giac an o dau", False),
        ("bao cong an xa o dau", False),
        ("Tôi bị scam on the internet", False),
        ("", False),
        ("113", False),
    ],
)
def test_english_is_told_from_vietnamese_without_marks(text: str, english: bool) -> None:
    assert is_english(text) is english


def test_marks_are_put_back_for_the_dense_side_only() -> None:
    query = read_query("bao cong an xa dc ko", RESTORER)
    assert query.dense == "báo công an xã được không"
    assert (query.marked, query.english, query.terms.exact) == (False, False, ())
    assert query.typed == "bao cong an xa dc ko"


def test_what_was_typed_with_marks_is_embedded_as_typed() -> None:
    text = "Báo công an xã, được không?"
    query = read_query(text, RESTORER)
    assert (query.dense, query.marked) == (text, True)


def test_english_is_left_alone() -> None:
    text = "How do I report a theft?"
    query = read_query(text, RESTORER)
    assert (query.dense, query.english) == (text, True)


@given(st.text(max_size=200) | st.text(alphabet="aàáảđĐ \u0300\u0301\ud83d\x00👍", max_size=50))
def test_any_text_can_be_read(text: str) -> None:
    query = read_query(text, RESTORER)
    assert len(query.terms.pairs) == max(0, len(query.terms.folded) - 1)
    " ".join((*query.terms.exact, *query.terms.folded, *query.terms.pairs, query.typed)).encode("utf-8")


@given(st.text(alphabet="aàáảạãâầêđoôơuư bchnt", max_size=60))
def test_composition_makes_no_difference(text: str) -> None:
    composed, decomposed = (
        read_query(unicodedata.normalize(form, text), RESTORER) for form in ("NFC", "NFD")
    )
    assert (composed.terms, composed.added, composed.marked) == (
        decomposed.terms, decomposed.added, decomposed.marked,
    )  # fmt: skip
