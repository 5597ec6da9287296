"""What a question asks of figures, and the sentences that hold them."""

from __future__ import annotations

import pytest

from knowledge.figures import figures_asked, provinces_in, sentence_at, sentences_with, spans_in

REPORT = (
    "Quý I năm 2031, bà con xã Đồng Me báo 2.417 tin, trong đó 318 tin về đánh bạc. Tổ hòa giải giải quyết "
    "96 vụ mâu thuẫn; mở 12 buổi nói chuyện cho 1.050 lượt người. Hàng trăm lượt hộ ký cam kết theo Kế hoạch "
    "số 77/KH-ĐM ngày 05/02/2031, giai đoạn 2030 - 2032."
)


def _sentences(question):
    asked = figures_asked(question, question)
    return [sentence_at(REPORT, at, 900) for at, _ in sentences_with(REPORT, asked)]


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("Bà con báo được bao nhiêu tin?", (("tin", ""),)),
        ("mấy vụ mâu thuẫn", (("vu", "mau"),)),
        ("ba con bao duoc bao nhieu tin danh bac", (("tin", "danh"),)),
        ("phạt bao nhiêu tiền", ()),
        ("quản lý mấy năm", ()),
        ("bao nhiêu tuổi thì được", ()),
        ("nghị quyết số mấy", ()),
        ("mất xe máy thì báo ai", ()),
    ],
)
def test_only_what_a_report_counts_is_asked_for(question, units):
    assert figures_asked(question, question).units == units


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("2.417 tin là tin gì", ("2.417",)),
        ("Kế hoạch 77/KH-ĐM ra ngày nào", ("77/kh-dm",)),
        ("Chỉ thị 09-CT/TW nói gì", ("09-ct/tw",)),
        ("gọi 0769.04.04.04 được không", ()),
        ("mất 5 triệu", ()),
        ("phạt 5.000.000 đồng là lỗi gì", ()),
        ("họp lúc 7.30", ()),
        ("từ 1/7/2025", ()),
    ],
)
def test_figures_and_numbers_of_plans_are_named_and_phones_are_not(question, figures):
    assert figures_asked(question, question).figures == figures


def test_the_sentence_that_holds_the_figure_is_found_and_whole():
    assert _sentences("bao nhiêu vụ")[0].startswith("Tổ hòa giải giải quyết 96 vụ mâu thuẫn;")
    assert _sentences("2.417 tin là gì") == [REPORT[: REPORT.index(" Tổ")]]
    assert _sentences("bao nhiêu lượt hộ")[-1].startswith("Hàng trăm lượt hộ")
    assert _sentences("2.41 tin là gì") == []
    assert _sentences("12.417 tin là gì") == []


def test_a_year_is_no_count_and_a_day_alone_asks_for_no_report():
    assert not figures_asked("Ngày hội toàn dân là ngày nào", "Ngày hội toàn dân là ngày nào")
    assert figures_asked("Năm 2031 ký ngày nào", "Năm 2031 ký ngày nào")
    assert list(sentences_with("Từ 2031 vụ này", figures_asked("mấy vụ", "mấy vụ"))) == []


def test_a_long_sentence_is_cut_at_its_commas_and_stays_verbatim():
    text = ", ".join(f"thôn {number} có {number + 100} vụ" for number in range(200)) + "."
    at = text.index("250 vụ")
    quoted = sentence_at(text, at, 300)
    assert quoted in text
    assert "250 vụ" in quoted
    assert len(quoted) <= 300


def test_places_go_by_all_their_names_and_spans_by_one_spelling():
    assert provinces_in("Công an Thủ đô") == provinces_in("ở hà nội") == ("ha noi",)
    assert provinces_in("Bệnh viện") == ()
    assert spans_in("giai đoạn 2030- 2032 và 2031 – 2035") == {"2030-2032", "2031-2035"}
