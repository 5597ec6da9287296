"""What is quoted stands in the passage, letter for letter, and says what was asked for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.extract import QUOTE_LIMIT, WHOLE_LIMIT, quote
from knowledge.query import read_query
from knowledge.text.restore import Restorer

RESTORER = Restorer.build([])
SENTENCE_END = re.compile(r"[^\W\d][.!?;:]\s+[A-ZĐ]")
LIST = (
    "Người được hỗ trợ phải có đủ giấy tờ sau đây khi đến nộp tại Ủy ban nhân dân cấp xã nơi thường trú:\n"
    "a) Đơn xin vay vốn có xác nhận của tổ trưởng tổ dân phố hoặc trưởng thôn nơi người đó đang ở;\n"
    "b) Giấy chứng nhận chấp hành xong án phạt tù do trại giam cấp, bản chính hoặc bản sao có chứng thực;\n"
    "c) Căn cước còn hạn, hoặc giấy xác nhận thông tin về cư trú do công an cấp xã cấp trong sáu tháng.\n"
    "Trường hợp không nộp đủ thì cán bộ tiếp nhận hướng dẫn bổ sung một lần bằng văn bản. "
    "Hồ sơ nộp qua bưu điện được tính theo ngày đóng dấu. "
    "Kết quả được trả trong năm ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ."
)
words = st.sampled_from([
    "Điều", "khoản", "báo", "công an", "xã.", "hòa", "giải;", "113", "1.", "2.", "a)", "-", "b)", "người:",
    "\n", "được", "không?", "TP.", "Hồ", "Chí", "Minh", "3.000", "đồng",
])  # fmt: skip
passages = st.lists(words, min_size=1, max_size=300).map(" ".join) | st.text(max_size=1_500)


def rare(_: str) -> float:
    return 1.0


def ask(text: str, question: str) -> str:
    return quote(text, read_query(question, RESTORER), rare)


@given(text=passages, question=st.sampled_from(["công an xã", "hoa giai", "", "113", "what is the law"]))
def test_a_quote_is_a_run_of_its_passage_within_limits(text: str, question: str) -> None:
    """A substring; only a first sentence longer than the limit may break the limit."""
    quoted = ask(text, question)
    assert quoted in text
    assert quoted == quoted.strip()
    assert bool(quoted) == bool(text.strip())
    if len(quoted) > QUOTE_LIMIT:
        assert not SENTENCE_END.search(quoted)


@given(text=st.text(max_size=WHOLE_LIMIT))
def test_a_short_passage_is_quoted_whole(text: str) -> None:
    assert ask(text, "công an xã") == text.strip()


@given(sentences=st.lists(st.integers(10, 99), min_size=20, max_size=60))
def test_a_long_passage_of_short_sentences_keeps_to_the_limit(sentences: list[int]) -> None:
    text = " ".join(f"Câu số {number} nói về việc trình báo công an xã." for number in sentences)
    assert len(ask(text, "trình báo công an xã")) <= QUOTE_LIMIT


def test_the_sentence_that_was_asked_for_is_quoted() -> None:
    assert "đóng dấu" in ask(LIST, "nộp qua bưu điện tính ngày nào")
    assert "năm ngày làm việc" in ask(LIST, "ket qua duoc tra trong may ngay lam viec")


def test_an_item_of_a_list_comes_with_the_line_that_leads_it() -> None:
    quoted = ask(LIST, "giấy chứng nhận chấp hành xong án phạt tù")
    assert quoted.startswith("Người được hỗ trợ phải có đủ giấy tờ")
    assert "b) Giấy chứng nhận chấp hành xong án phạt tù do trại giam cấp" in quoted


def test_a_quote_does_not_begin_or_end_within_a_number() -> None:
    filler = "Quy định này áp dụng cho mọi cơ quan, tổ chức và cá nhân có liên quan trên địa bàn xã. " * 6
    fact = (
        "Người vi phạm bị phạt từ 3.000.000 đồng đến 5.000.000 đồng theo Điều 12.3 Nghị định 144/2021/NĐ-CP."
    )
    quoted = ask(f"{filler}{fact} {filler}", "phạt bao nhiêu đồng")
    assert fact in quoted
