"""The lexicon as data: enough of it, one meaning each, and nothing where a word means several things."""

from __future__ import annotations

from collections import Counter

import pytest

from knowledge.text.folding import fold, normalise, syllables
from knowledge.text.lexicon import REGIONS, lay_words, lexicon, spell_out, standard_words

LEAST = 300  # entries in all
LEAST_REGIONAL = 20  # in each region
REGIONAL = sorted(
    (region, said, written)
    for region, words in lexicon().regional.items()
    for said, written in words.items()
    if normalise(said) != normalise(written)
)


def test_the_lexicon_is_as_large_as_promised() -> None:
    known = lexicon()
    assert known.size >= LEAST
    assert len(known.lay) + len(known.abbreviations) + len(known.phrases) >= LEAST
    assert set(known.regional) == set(REGIONS)
    assert all(len(words) >= LEAST_REGIONAL for words in known.regional.values())


def test_a_key_stands_in_one_table_only() -> None:
    """Or it would have two meanings."""
    known = lexicon()
    tables = (known.abbreviations, known.phrases, *known.regional.values())
    keys = Counter(normalise(key) for table in tables for key in table)
    assert [key for key, count in keys.items() if count > 1] == []
    lay = Counter(map(normalise, known.lay))
    assert [key for key, count in lay.items() if count > 1] == []


@pytest.mark.parametrize("word", sorted(lexicon().left_out))
def test_a_word_of_several_meanings_is_expanded_nowhere(word: str) -> None:
    """Whatever stands around it that says nothing, and with or without its marks."""
    assert len(lexicon().left_out[word]) > 1
    for typed in (word, fold(word), word.upper()):
        for text in (typed, f"zux {typed}", f"{typed} zux", f"zux {typed} zux"):
            as_typed = " ".join(syllables(text))
            assert spell_out(text) == as_typed
            assert standard_words(text) == as_typed
            assert lay_words(text) == ""


@pytest.mark.parametrize("word", sorted(lexicon().left_out))
def test_a_word_left_out_is_no_entry(word: str) -> None:
    known = lexicon()
    assert all(word not in table for table in (known.abbreviations, known.lay, *known.regional.values()))


@pytest.mark.parametrize(("region", "said", "written"), REGIONAL)
def test_what_is_said_in_a_region_is_read_as_it_is_written(region: str, said: str, written: str) -> None:
    assert standard_words(f"zux {said} zux") == f"zux {normalise(written)} zux", region


@pytest.mark.parametrize("said", sorted(lexicon().needs_marks))
def test_what_needs_its_marks_is_not_read_without_them(said: str) -> None:
    """`rua` is rửa oftener than rứa."""
    known = lexicon()
    meant = {normalise(table[said]) for table in (known.lay, *known.regional.values()) if said in table}
    assert meant
    if (bare := fold(said)) != normalise(said):
        assert standard_words(bare) not in meant
        assert lay_words(bare) not in meant


def test_every_word_that_needs_its_marks_is_an_entry() -> None:
    known = lexicon()
    entries = {*known.lay, *(said for words in known.regional.values() for said in words)}
    assert known.needs_marks <= entries


@pytest.mark.parametrize(
    "text",
    [
        "cả xã biết",
        "tòa án cấp tỉnh",
        "ở mô hình tự quản",
        "đi làm răng giả",
        "lỗ hổng",
        "lá tía tô",
        "báo kẻ gian",
    ],
)
def test_other_marks_make_another_word(text: str) -> None:
    """`cả xã` is not the police of a commune, `án cấp` no theft."""
    assert spell_out(text) == text
    assert standard_words(text) == text
    assert lay_words(text) == ""


@pytest.mark.parametrize("text", ["bao ke trom", "nop don roi", "bi di tu", "ca do den roi", "het an"])
def test_lay_words_that_need_their_marks_are_not_guessed(text: str) -> None:
    assert lay_words(text) == lay_words(f"zux {text}")
    for needed in ("cưỡng đoạt", "bạo lực trẻ em", "trù dập", "đánh bạc", "án phạt"):
        assert needed not in lay_words(text)


def test_a_phrase_that_maps_to_itself_shields_what_stands_in_it() -> None:
    assert standard_words("ở mô") == "ở đâu"
    assert standard_words("ở mô hình") == "ở mô hình"
