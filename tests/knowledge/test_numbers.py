"""Numbers in a question: which are asked about, and which are only mentioned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numbers import NumbersAsked, laws_in, marks_in, numbers_asked, phones_in
from knowledge.text.folding import fold


@pytest.mark.parametrize(
    ("question", "article", "clause", "point"),
    [
        ("Điều 16 Luật Hòa giải ở cơ sở nói gì?", "16", "", ""),
        ("dieu 16 luat hoa giai", "16", "", ""),
        ("khoản 2 điều 5 luật 35/2013", "5", "2", ""),
        ("điều 5 khoản 2 điểm đ luật trẻ em", "5", "2", "đ"),
        ("Điều 256a Bộ luật Hình sự", "256a", "", ""),
        ("điểm a khoản 1 điều 3 luật 35/2013", "3", "1", "a"),
    ],
)
def test_articles_are_asked_about(question: str, article: str, clause: str, point: str) -> None:
    asked = numbers_asked(question)
    assert (asked.article, asked.clause, asked.point) == (article, clause, point)


@pytest.mark.parametrize(
    "question",
    [
        "nghị định 282/2025 quy định gì", "282/2025/NĐ-CP", "282/2025/ND-CP", "nd 282", "luật 120",
        "Luật số 35/2013", "luật 35 năm 2013", "thông tư 28/2020/TT-BCA", "chỉ thị 09-CT/TW", "140/QĐ-TTg",
        "QĐ 22/2023",
    ],
)  # fmt: skip
def test_a_so_hieu_is_asked_about_in_every_spelling(question: str) -> None:
    assert numbers_asked(question).laws
    assert numbers_asked(fold(question)).laws


@pytest.mark.parametrize(
    ("question", "phones"),
    [
        ("số 0769040404 là số gì", ("0769040404",)),
        ("0769.04.04.04 của ai vậy", ("0769040404",)),
        ("+84 769 040 404 là số gì", ("0769040404",)),
        ("111 là số gì", ("111",)),
        ("156 với 5656 khác gì", ("156", "5656")),
        ("113", ("113",)),
    ],
)
def test_a_phone_is_asked_about(question: str, phones: tuple[str, ...]) -> None:
    assert numbers_asked(question).phones == phones


@pytest.mark.parametrize(
    "question",
    [
        "tôi bị lừa mất 5 triệu", "từ 1/7/2026 có luật mới không", "gọi 113 thế nào", "tôi 113 tuổi là sao",
        "số 0912345678 gọi xưng công an đòi chuyển 500 triệu", "luật mới năm 2026 quy định gì",
        "cần 3 hòa giải viên", "tòa ra quyết định 20 ngày rồi", "điều kiện 3 năm là gì",
        "nhiều 16 tuổi đua xe", "phạt 500 nghìn là gì", "khoản 2 triệu tiền phạt",
        "ra tù 5 năm thì xóa án tích chưa", "ai được kết luận 1 người là nghiện", "luật 1 vợ 1 chồng",
        "quyết định 15 ngày là sao",
        "",
    ],
)  # fmt: skip
def test_a_number_that_is_only_mentioned_is_not_asked_about(question: str) -> None:
    assert not numbers_asked(question)


def test_a_question_that_asks_only_for_the_number_is_bare() -> None:
    assert numbers_asked("nghị định 105/2021 còn hiệu lực không").bare
    assert numbers_asked("cho em hỏi luật 35/2013 quy định gì ạ").bare
    assert not numbers_asked("nghị định 282/2025 hát karaoke phạt bao nhiêu").bare


def test_words_after_the_law_name_it() -> None:
    assert numbers_asked("điều 3 luật hòa giải").law_words == ("hoa", "giai")
    assert numbers_asked("điều 390 BLHS").law_words == ("hinh", "su")
    assert numbers_asked("điều 3").law_words == ()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(numbers_asked(text), NumbersAsked)
    assert all(phone.isdigit() for phone in phones_in(text))
    assert "" not in laws_in(text)


def test_a_passage_holds_its_phones_and_not_its_other_numbers() -> None:
    text = (
        "Tố giác gọi **0769.04.04.04** hoặc 113. Theo Điều 114 và ngày 15/12/2025, phạt 200–500 nghìn, "
        "300.000 đồng.\nSoạn tin gửi **156** hoặc **5656**; tổng đài 1900 96 96 80; 069.232.6555."
    )
    assert phones_in(text) == {"0769040404", "113", "156", "5656", "1900969680", "0692326555"}


def test_a_passage_is_marked_by_what_it_is_cites_and_names() -> None:
    marks = marks_in("Theo Nghị định 282/2025, gọi 111.", ["35/2013/QH13+16"], ["Thông tư 28/2020/TT-BCA"])
    assert marks == {"35/2013/qh13+16", "35/2013/qh13", "282/2025/nd-cp", "28/2020/tt-bca", "111"}


def test_a_law_named_without_its_ending_is_known_by_its_kind_or_not_at_all() -> None:
    assert laws_in("Nghị định 999/2030") == {"999/2030/nd-cp"}
    assert laws_in("Thông tư 999/2030") == frozenset()
