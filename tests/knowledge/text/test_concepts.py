"""What concepts_of promises: other words for the same thing are one concept; unclear words are left out."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.query import spell_out
from knowledge.text.concepts import concepts, concepts_of
from knowledge.text.folding import fold, normalise, syllables

PHRASES = [(slug, phrase) for slug, phrases in concepts().groups.items() for phrase in phrases]


@pytest.mark.parametrize(
    ("one", "other", "slug"),
    [
        ("tối nào cũng sát phạt nhau", "tụ điểm đánh bạc", "danh-bac"),
        ("thằng út xài ma túy", "con sử dụng ma túy", "dung-ma-tuy"),
        ("báo tin giấu tên", "tố giác không nêu tên", "giau-ten"),
        ("nhà bên ồn quá", "hàng xóm hát karaoke", "hang-xom"),
        ("nhà bên ồn quá", "hàng xóm hát karaoke", "on-ao"),
        ("quay số mấy", "gọi số nào", "so-may"),
        ("phán quyết về hòa giải", "tòa công nhận hòa giải", "toa-cong-nhan"),
        ("cháu bé bị đánh", "trẻ em bị bạo hành", "tre-em"),
        ("phải nộp bao nhiêu", "mức phạt", "muc-phat"),
        ("cán bộ đòi hối lộ", "công an vòi tiền", "hoi-lo"),
        ("đi trình báo", "tố giác", "to-giac"),
        ("giờ đi hướng nào", "phải làm gì", "lam-gi"),
        ("mấy bữa có phiếu", "bao lâu thì xong", "bao-lau"),
        ("tốn nhiêu", "hết bao nhiêu tiền", "bao-nhieu-tien"),
        ("báo chỗ nào", "thì báo ai", "bao-ai"),
        ("họ không lấy đơn", "bị từ chối tiếp nhận", "bi-tu-choi"),
        ("muốn thôi không thưa nữa", "rút đơn tố cáo", "rut-don"),
        ("mới nghi thôi", "không có bằng chứng", "khong-bang-chung"),
        ("lỡ báo sai", "báo nhầm người", "bao-nham"),
        ("họ đặt điều", "bị vu khống", "vu-khong"),
        ("mãn hạn tù", "mới ở tù về", "ra-tu"),
    ],
)
def test_other_words_for_the_same_thing_share_a_concept(one: str, other: str, slug: str):
    assert slug in concepts_of(one)
    assert slug in concepts_of(other)


def test_every_phrase_finds_its_own_concept():
    assert [phrase for slug, phrase in PHRASES if slug not in concepts_of(phrase, marked=True)] == []


def test_every_phrase_of_two_syllables_is_found_without_marks():
    long = [(slug, phrase) for slug, phrase in PHRASES if len(syllables(phrase)) > 1]
    assert [phrase for slug, phrase in long if slug not in concepts_of(fold(phrase), marked=False)] == []


@pytest.mark.parametrize(
    "word",
    ["bao", "don", "dau", "tre", "be", "lua", "dat", "chay", "vay", "vo", "chong", "oan", "kin", "to"],
)
def test_an_unclear_word_without_marks_says_nothing(word: str):
    """`bao` is báo, bao, bảo or bão; `don` is đơn, đón or dọn; `chong` is chồng or chống."""
    assert concepts_of(word) == ()


def test_every_short_word_is_either_listed_as_clear_or_left_out():
    short = {phrase for _, phrase in PHRASES if len(syllables(phrase)) == 1}
    for word in short:
        clear = fold(word) in concepts().folded_ok or word.isdecimal()
        assert bool(concepts_of(fold(word), marked=False)) is clear, word


def test_every_word_listed_as_clear_is_a_phrase():
    assert concepts().folded_ok <= {fold(phrase) for _, phrase in PHRASES}


def test_a_marked_text_is_read_with_its_marks():
    assert "to-giac" in concepts_of("tôi muốn báo việc này")
    assert "to-giac" not in concepts_of("cơn bão lớn quá")
    assert "chay" not in concepts_of("nó chạy mất rồi")
    assert "dau-hieu" not in concepts_of("tôi đau đầu")


def test_the_caller_may_say_that_the_text_was_typed_without_marks():
    spelled = spell_out("bao ca xa dc ko")
    assert "cong-an-xa" in concepts_of(spelled, marked=False)
    assert "to-giac" in concepts_of("bao cong an", marked=False)
    assert concepts_of("bao cong an", marked=True) == ()


def test_the_longest_phrase_wins_and_each_concept_comes_once_in_order():
    assert concepts_of("công an xã") == ("cong-an-xa",)
    assert concepts_of("hàng xóm cháy nhà, láng giềng báo 114") == ("hang-xom", "chay", "to-giac", "so-114")


def test_a_phrase_may_stand_for_two_concepts():
    assert {"bao-ai", "o-dau"} <= set(concepts_of("báo ở đâu"))


def test_punctuation_and_capitals_change_nothing():
    assert concepts_of("HÀNG XÓM?") == concepts_of("hàng, xóm") == ("hang-xom",)


def test_nothing_said_is_no_concept():
    assert concepts_of("") == concepts_of("... ?") == ()


@pytest.mark.parametrize(
    ("new", "old"),
    [("hòa giải", "hoà giải"), ("ma túy", "ma tuý"), ("xóa án tích", "xoá án tích"), ("tòa", "toà")],
)
def test_old_and_new_tone_placement_are_the_same(new: str, old: str):
    assert concepts_of(new) == concepts_of(old) != ()


@pytest.mark.parametrize(
    "phrase", ["hàng xóm đánh bạc", "bị đòi nợ kiểu khủng bố", "vòi tiền", "tố giác ở đâu"]
)
def test_composed_and_decomposed_are_the_same(phrase: str):
    composed, decomposed = (unicodedata.normalize(form, phrase) for form in ("NFC", "NFD"))
    assert concepts_of(composed) == concepts_of(decomposed) != ()


@given(st.text(), st.sampled_from([None, True, False]))
def test_no_text_raises_and_what_is_found_is_known(text: str, marked: bool | None):
    found = concepts_of(text, marked=marked)
    assert set(found) <= set(concepts().groups)
    assert len(set(found)) == len(found)


@given(st.lists(st.sampled_from([phrase for _, phrase in PHRASES]), max_size=6).map(" ".join))
def test_reading_normalised_text_changes_nothing(text: str):
    assert concepts_of(normalise(text), marked=True) == concepts_of(text, marked=True)
    assert concepts_of(fold(text), marked=False) == concepts_of(text, marked=False)


def test_the_file_is_in_good_order():
    for slug, phrases in concepts().groups.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len({normalise(phrase) for phrase in phrases}) == len(phrases), slug
        assert all(syllables(phrase) for phrase in phrases), slug


def test_a_question_is_read_fast():
    question = "Hàng xóm tối nào cũng tụ tập sát phạt nhau thì tôi báo cho ai, có phải nêu tên không?"
    concepts_of(question)
    began = time.perf_counter()
    for _ in range(200):
        concepts_of(question)
    assert (time.perf_counter() - began) / 200 < 0.002  # 0.1 ms alone on the machine
