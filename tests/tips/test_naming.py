"""Hearing that a text names its sender, and what a story lacks. The sentences: naming_sentences.toml."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.catalog import catalog
from tips.folding import fold
from tips.kinds import kinds
from tips.model import TipContent
from tips.naming import COACHING, CODES, coaching, coaching_table, names_sender, naming_table, prepare

SENTENCES = tomllib.loads(Path(__file__).with_name("naming_sentences.toml").read_text(encoding="utf-8"))
TELLS: dict[str, list[str]] = SENTENCES["tells"]
NOTHING: list[str] = SENTENCES["nothing"]["texts"]


def _without_marks(text: str) -> str:
    return "\n".join(map(fold, text.split("\n")))


def test_there_are_enough_sentences_of_every_code() -> None:
    assert len(TELLS) >= 60
    assert len(NOTHING) >= 60
    for code in CODES:
        assert sum(code in codes for codes in TELLS.values()) >= 8


@pytest.mark.parametrize("change", [str, _without_marks, str.upper], ids=["as typed", "unmarked", "capitals"])
def test_of_what_names_the_sender_at_least_95_in_100_is_heard(change) -> None:
    missed = [
        (code, text)
        for text, codes in TELLS.items()
        for code in codes
        if code not in names_sender(change(text))
    ]
    told = sum(map(len, TELLS.values()))
    assert len(missed) <= 0.05 * told, missed


@pytest.mark.parametrize("change", [str, _without_marks, str.upper], ids=["as typed", "unmarked", "capitals"])
def test_of_what_names_others_at_most_5_in_100_is_heard(change) -> None:
    """A warning that comes for nothing is not read the next time."""
    heard = [(text, codes) for text in NOTHING if (codes := names_sender(change(text)))]
    assert len(heard) <= 0.05 * len(NOTHING), heard


@pytest.mark.parametrize(
    "number",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "0912-345-678",
        "+84912345678",
        "(+84) 912 345 678",
        "84912345678",
        "(0912) 345678",
        "0 9 1 2 3 4 5 6 7 8",
        "o912345678",
        "không chín một hai ba bốn năm sáu bảy tám",
    ],
)
def test_a_phone_number_is_heard_in_every_spelling(number: str) -> None:
    assert "phone" in names_sender(f"số điện thoại của tôi là {number}")
    assert names_sender(f"số điện thoại của nó là {number}") == ()


def test_a_word_with_other_marks_is_another_word() -> None:
    assert names_sender("Tôi ở số nhà 12") == ("address",)
    assert names_sender("Tối ở số nhà 12 có đánh bạc") == ()
    assert "address" in names_sender("Mình ở số nhà 12")
    assert names_sender("Minh ở số nhà 12, là kẻ cầm đầu") == ()


def test_decomposed_letters_and_invisible_characters_hide_nothing() -> None:
    assert "name" in names_sender("To\u0302i te\u0302n la\u0300 Lan")
    assert "name" in names_sender("Tôi\u200b tên\u00a0là\u202e Lan")


def test_a_new_line_begins_a_new_sentence() -> None:
    assert names_sender("Báo tin đánh bạc\nem tên Lan") == ("name",)


@given(st.text(max_size=400))
def test_any_text_is_taken(text: str) -> None:
    assert set(names_sender(text)) <= set(CODES)


@pytest.mark.parametrize(
    "part", ["tôi ", "0 ", "toi la ", "em lam o ", "toi la nguyen van ", "toi ten ", "09"]
)
def test_a_long_text_is_read_in_time(part: str) -> None:
    """No expression runs away: 20,000 characters in well under a second, where the bar leaves much room."""
    start = time.perf_counter()
    names_sender((part * 20_000)[:20_000])
    assert time.perf_counter() - start < 2


def test_the_rules_are_plain_enough_for_javascript() -> None:
    """No lookbehind, named or inline group, possessive or atomic piece, or anchor that JavaScript lacks."""
    foreign = re.compile(r"\(\?(?![:=!])|\\[AZzGK]|[*+?}]\+|[^\x00-\x7f]")
    table = naming_table()
    found = [row["find"] for row in (*table["replace"], *table["patterns"])] + list(
        coaching_table()["heard"].values()
    )
    for find in found:
        assert not foreign.search(re.sub(r"\\[()+?.*]|“”", "", find)), find
    assert all(re.fullmatch(r"[^$\\]*(?:\$1[^$\\]*)?", row["with"]) for row in table["replace"])
    assert {row["code"] for row in table["patterns"]} == set(CODES)


def test_preparing_marks_the_writer_and_numbers() -> None:
    assert prepare("SĐT của tôi: 0912 345 678") == "sdt cua <i>: <phone>"


def test_a_bare_story_lacks_nearly_everything() -> None:
    assert coaching(TipContent(story="Có ma túy")) == COACHING


def test_a_full_story_lacks_nothing() -> None:
    story = (
        "Khoảng 21h mỗi tối thứ bảy, ở quán nước đầu ngõ 5 đường Lê Lợi, nhóm khoảng 6 thanh niên đi xe SH "
        "biển số 59X1-12345 đánh bạc ăn tiền, tôi nhìn thấy nhiều lần"
    )
    assert coaching(TipContent(story=story)) == ()
    assert coaching(TipContent(story=fold(story))) == ()


def test_what_was_told_elsewhere_is_not_missed() -> None:
    lacks = coaching(
        TipContent(
            story="Có ma túy",
            kind="drugs",
            when="tối qua",
            area="26743",
            details={"people": "6", "vehicle": "SH đỏ"},
        )
    )
    assert lacks == ("short", "how_known")


def test_an_answer_of_spaces_is_none() -> None:
    assert "vehicle" in coaching(TipContent(story="Có ma túy", kind="drugs", details={"vehicle": "  "}))


def test_vehicles_are_missed_only_where_they_matter() -> None:
    assert "vehicle" in coaching(TipContent(story="Có cướp", kind="robbery"))
    assert "vehicle" not in coaching(TipContent(story="Nhà sắp sập", kind="unsafe_building"))


def test_coaching_never_asks_who_is_writing() -> None:
    """Its codes are about the event; none is answered by a name, phone or address of the sender."""
    assert not set(COACHING) & set(CODES)
    assert set(coaching_table()["answered_by"]) == set(COACHING[1:])
    asked = {question for kind in kinds() for question in kind.questions}
    for questions in coaching_table()["answered_by"].values():
        assert set(questions) <= asked


@pytest.mark.parametrize("language", ["vi", "en"])
def test_our_own_questions_name_nobody(language) -> None:
    """The texts of kinds and questions would otherwise set off the warning when quoted back."""
    for key, words in catalog(language).items():
        if key.startswith("kinds."):
            assert names_sender(words) == (), key
