"""People in danger get their numbers first; questions about danger get answers."""

from __future__ import annotations

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.danger import Danger, Peril, find_danger
from knowledge.danger_spelling import encode, words
from knowledge.text.folding import fold
from prompts.catalog import LANGUAGES, catalog

GOLDEN = Path(__file__).parents[1] / "golden"
DEVELOPMENT = ("dev-danger.jsonl", "dev-danger-own.jsonl")


def sentences(expect: str) -> list[str]:
    lines = [
        line for name in DEVELOPMENT for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    ]
    rows = map(json.loads, lines)
    asked = [row["question"] for row in rows if row["expect"] == expect]
    return list(dict.fromkeys([*asked, *map(fold, asked)]))


def test_every_call_for_help_is_heard():
    """Recall 1.00 on the development sentences, with their marks and without."""
    assert [said for said in sentences("danger") if find_danger(said) is None] == []


def test_hardly_a_question_is_taken_for_a_call_for_help():
    """Two in a thousand of those without marks may be: "em dang bi no xau" is nợ xấu, and a blast."""
    asked = sentences("answer")
    misheard = [said for said in asked if find_danger(said) is not None]
    assert len(misheard) <= 0.002 * len(asked), misheard


@pytest.mark.parametrize(
    ("said", "peril", "first"),
    [
        ("nhà tôi đang cháy", Peril.FIRE, "114"),
        ("rò gas rồi, mùi khắp phòng", Peril.GAS_OR_BOMB, "114"),
        ("nước lũ dâng tới mái nhà, cả nhà tôi kẹt trên nóc", Peril.WATER_OR_DISASTER, "112"),
        ("con toi bi bat coc", Peril.ABDUCTION, "113"),
        ("bố dượng đang đánh đứa bé hàng xóm", Peril.CHILD, "113"),
        ("tôi không muốn sống nữa", Peril.SELF_HARM, "115"),
        ("Tôi bị chồng đánh thì điều mấy luật quy định", Peril.VIOLENCE, "113"),
        ("đang có trộm trong nhà", Peril.INTRUSION, "113"),
        ("mẹ tôi bất tỉnh rồi", Peril.MEDICAL, "115"),
        ("cuu toi voi", Peril.HELP, "113"),
        ("my house is on fire", Peril.FIRE, "114"),
    ],
)
def test_each_peril_gets_its_number_first(said, peril, first):
    danger = find_danger(said)
    assert danger is not None
    assert (danger.peril, danger.numbers[0]) == (peril, first)


def test_child_numbers_hold_the_child_line():
    danger = find_danger("mẹ kế đang đánh bé chảy máu")
    assert danger is not None
    assert {"113", "111", "115"} <= set(danger.numbers)


@pytest.mark.parametrize(
    ("danger", "question"),
    [
        ("tôi bị chồng đánh", "bị chồng đánh thì gọi số mấy"),
        ("nhà tôi đang cháy", "quán nhà tôi đang chạy quảng cáo"),
        ("nó cầm dao đuổi em", "cầm dao đe dọa người khác bị phạt bao nhiêu"),
        ("cứu em với", "cứu em với, em quên mật khẩu"),
        ("chồng tôi đang đánh tôi", "chồng tôi đang đánh bạc"),
        ("tôi muốn chết", "nóng muốn chết"),
        ("tôi bị bố đánh", "hồi nhỏ tôi bị bố đánh"),
        ("tôi bị nhốt", "nếu tôi bị nhốt thì làm sao"),
        ("em bị xâm hại thì gọi số mấy", "trẻ em bị xâm hại thì gọi số mấy"),
        ("chung cư đang cháy thì thoát ra sao", "chung cư cháy thì thoát ra sao"),
        ("em bị nó vây", "em bị hack rồi nó vay tiền bạn bè"),
        ("bình gas nổ rồi, có người bị phỏng", "bình gas nổ thì ai đền"),
        ("I have taken all the pills", "I have taken all the photos"),
    ],
)
def test_a_word_or_two_make_the_difference(danger, question):
    assert find_danger(danger) is not None
    assert find_danger(question) is None


@pytest.mark.parametrize(
    "typed", ["đánh", "danh", "đấnh", "đanh", "ddanhs", "d9anh1", "đánhh", "oánh", "dánh"]
)
def test_a_blow_is_read_however_it_is_typed(typed):
    assert find_danger(f"chồng tôi đang {typed} tôi") is not None


def test_marks_that_make_another_word_are_believed():
    assert encode(words("chạy chayj cháy chays chay")) == ["chạy", "chạy", "cháy", "cháy", "chay"]


@pytest.mark.parametrize(
    ("typed", "token"), [("rồiii", "rồi"), ("gass", "ga"), ("emm", "em"), ("pillss", "pills"), ("kk", "k")]
)
def test_letters_held_down_change_nothing(typed, token):
    assert encode(words(typed)) == [token]


@given(st.text(st.characters(codec=None)))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_stumble(text):
    assert isinstance(find_danger(text), Danger | None)


ODD = ["", " ", "\x00", "\ud800", "😀" * 50, "." * 5_000, "\n" * 9_000]
ENDLESS = ["cứu " * 25_000, "a" * 100_000, "đánh\u0323\u0301" * 9_000]


@pytest.mark.parametrize("text", ODD + ENDLESS)
def test_odd_and_endless_texts_are_survived(text):
    assert isinstance(find_danger(text), Danger | None)


def test_a_cry_at_the_end_of_a_long_text_is_heard():
    assert find_danger("xin chào. " * 9_000 + "cứu tôi với") is not None


SAID = "tôi bị chồng đánh, nhà đang cháy hay chạy; cứu với! hòa, hoà giải: gọi ai, em không muốn sống nữa"
WORDS = st.sampled_from(SAID.split())


@given(st.lists(WORDS | st.text(max_size=5), max_size=15).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_composed_and_decomposed_text_mean_the_same(text):
    assert find_danger(unicodedata.normalize("NFC", text)) == find_danger(unicodedata.normalize("NFD", text))


def test_it_costs_next_to_nothing():
    """Well under a millisecond a message; the bound is loose for a busy machine."""
    said = sentences("danger") + sentences("answer")
    find_danger("nóng máy")
    started = time.perf_counter()
    for sentence in said:
        find_danger(sentence)
    assert (time.perf_counter() - started) / len(said) < 0.002


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_peril_has_its_words_and_names_its_numbers(language):
    texts = catalog(language)
    for said in sentences("danger"):
        danger = find_danger(said)
        assert danger is not None
        assert danger.numbers[0] in texts[f"danger.{danger.peril}"]
        assert all(f"danger.number_{number}" in texts for number in danger.numbers)
    assert {f"danger.{peril}" for peril in Peril} <= set(texts)
