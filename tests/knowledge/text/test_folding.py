"""One spelling for Vietnamese, and one without marks; neither raises, whatever comes."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.folding import fold, folded_syllables, has_marks, normalise, syllables

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDES = Path(__file__).resolve().parents[3] / "guides"
LETTERS = "aàáảãạăằắâầấậđeèêềếiìíoòóôồốộơờớợuùúưừứựyỳý"
SYLLABLES = [
    "hoà", "hòa", "hoàn", "uỷ", "ủy", "thuỷ", "khoẻ", "thuở", "giữ", "gìn", "quý", "quỳ", "nguyễn", "khuya",
    "đường", "người", "oà", "yêu", "113", "xã",
]  # fmt: skip
vietnamese = st.text(alphabet=f"{LETTERS}{LETTERS.upper()}bcdghklmnpqrstvx ,.?1", max_size=80)
anything = st.text(max_size=120) | st.text(alphabet="aàđĐ\u0301\u0323\x00\ud83d👍İß/.-_", max_size=40)


@given(anything)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(anything)
def test_composition_makes_no_difference(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert fold(composed) == fold(decomposed)
    assert normalise(composed) == normalise(decomposed)
    assert syllables(composed) == syllables(decomposed)
    assert has_marks(composed) == has_marks(decomposed)


@given(vietnamese)
def test_folded_vietnamese_is_plain_ascii(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text).lower()
    assert not has_marks(fold(text))


@given(st.lists(st.sampled_from(SYLLABLES), max_size=10), st.sampled_from([str, str.upper, str.title]))
def test_normalising_keeps_every_letter_and_settles(words: list[str], spell: Callable[[str], str]) -> None:
    """Marks move within a syllable, none is lost: folded, a text is the same before and after."""
    text = spell(" ".join(words))
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert fold(once) == fold(text)


@given(anything)
def test_no_text_raises_and_all_can_be_written_down(text: str) -> None:
    normalise(text).encode("utf-8")
    " ".join(syllables(text)).encode("utf-8")
    has_marks(text)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Hoà giải", "hòa giải"), ("uỷ ban", "ủy ban"), ("thuỷ", "thủy"), ("QUÝ", "quý"), ("Khoẻ", "khỏe"),
        ("hoàn", "hoàn"), ("giữ", "giữ"), ("  a \n b\x00c ", "a b c"), ("a\ud83db", "ab"),
    ],
)  # fmt: skip
def test_tone_marks_stand_in_one_place(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@pytest.mark.parametrize(
    ("text", "folded"), [("Đặng Thị Hường", "dang thi huong"), ("ĐIỀU 16", "dieu 16"), ("", ""), ("👍", "👍")]
)
def test_marks_fall_off_and_the_barred_d_loses_its_bar(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_numbers_of_documents_and_telephones_stay_whole() -> None:
    text = "Luật 35/2013/QH13, Nghị định 144/2021/NĐ-CP; gọi 0769.04.04.04 (Điều 5.1)!"
    assert syllables(text) == [
        "luật", "35/2013/qh13", "nghị", "định", "144/2021/nđ-cp", "gọi", "0769.04.04.04", "điều", "5.1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "marked"),
    [("hoa giai", False), ("hòa", True), ("di", False), ("đi", True), ("Đ", True), ("👍1", False)],
)
def test_marks_are_noticed(text: str, marked: bool) -> None:
    assert has_marks(text) is marked


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_folding_a_text_at_once_gives_its_words_folded_one_by_one(guide: Path):
    text = guide.read_text("utf-8")
    expected = [fold(word) for word in syllables(text)]
    assert folded_syllables(text) == expected
    assert folded_syllables(unicodedata.normalize("NFD", text)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("İstanbul", ["istanbul"]),
        ("a≠b", ["a", "b"]),
        ("q\u0301ua", ["qua"]),
        ("Điều 5 – “hoà giải”", ["dieu", "5", "hoa", "giai"]),
        ("Straße", ["straße"]),
    ],
)
def test_letters_that_no_list_of_vietnamese_holds_are_folded_too(text: str, words: list[str]) -> None:
    assert folded_syllables(text) == words
