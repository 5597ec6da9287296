"""When two sources give different figures for the same thing, and when they only seem to."""

from __future__ import annotations

import pytest

from knowledge.disagreement import Figure, difference, figures
from knowledge.text.folding import folded_syllables


def differ(first: str, second: str, question: str) -> bool:
    asked = folded_syllables(question)
    found = difference(first, second, asked, lambda _: 1.0)
    assert (found is None) == (difference(second, first, asked, lambda _: 1.0) is None), "either way round"
    return found is not None


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("trong 03 ngày làm việc", Figure(3, 3, "ngày")),
        ("phạt 2–3 triệu đồng", Figure(2e6, 3e6, "đồng")),
        ("phạt từ 2.000.000 đồng đến 3.000.000 đồng", Figure(2e6, 3e6, "đồng")),
        ("**300.000 đ** một vụ", Figure(3e5, 3e5, "đồng")),
        ("vay tối đa 1,5 tỷ đồng", Figure(1.5e9, 1.5e9, "đồng")),
        ("không quá 02 tháng", Figure(2, 2, "tháng")),
        ("trên 50%", Figure(50, 50, "%")),
        ("gọi 0769.04.04.04", Figure("0769040404", "0769040404", "phone")),
    ],
)
def test_a_figure_is_read_with_its_unit(text: str, figure: Figure) -> None:
    assert figures(text) == {figure}


@pytest.mark.parametrize(
    "text", ["ngày 05 tháng 7 năm 2026", "Điều 5 khoản 3", "35/2013/QH13", "3 người", "5 2013"]
)
def test_dates_articles_and_counts_are_no_figures(text: str) -> None:
    assert figures(text) == frozenset()


START = "Hòa giải viên bắt đầu tiến hành hòa giải trong thời hạn 03 ngày, kể từ ngày được phân công."
ASKED = "hòa giải viên được phân công thì mấy ngày phải bắt đầu hòa giải"


def test_other_days_for_the_same_duty_differ() -> None:
    assert differ(START, "Khi được phân công, hòa giải viên bắt đầu hòa giải trong 05 ngày làm việc.", ASKED)


def test_other_amounts_for_the_same_act_differ_however_they_are_written() -> None:
    question = "báo tin giả cho 113 phạt bao nhiêu"
    new = "Báo tin giả cho 113 bị phạt **3–4 triệu đồng**."
    old = "Người báo tin giả cho 113 bị phạt tiền từ 2.000.000 đồng đến 3.000.000 đồng."
    assert differ(new, old, question)


def test_other_phones_for_the_same_office_differ() -> None:
    question = "số điện thoại công an xã Hòa Bình"
    one = "Số điện thoại trực ban công an xã Hòa Bình: 0203 111 2222"
    other = "Điện thoại trực ban công an xã Hòa Bình: 0203 999 8888"
    assert differ(one, other, question)


@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        (START, "Hòa giải viên được phân công bắt đầu hòa giải trong vòng 3 ngày.", ASKED),
        (
            "Báo tin giả cho 113 bị phạt 3–4 triệu đồng. Mức 2–3 triệu đồng là của nghị định cũ.",
            "Báo tin giả cho 113 bị phạt 2–3 triệu đồng.",
            "báo tin giả cho 113 phạt bao nhiêu",
        ),
        (
            "Khai báo tạm vắng tại công an xã trước 3 ngày.",
            "Khai báo tạm trú tại công an xã trước 5 ngày.",
            "khai báo tạm vắng trước mấy ngày",
        ),
        (START, "Tổ hòa giải họp 12 tháng một lần để rút kinh nghiệm.", ASKED),
        (START, "Hòa giải viên được phân công phải giữ bí mật đời tư.", ASKED),
        (
            START,
            "Hòa giải viên được phân công nộp báo cáo kết quả cho tổ trưởng và Mặt trận trong 10 ngày.",
            "hòa giải viên được phân công thì trong mấy ngày",
        ),
        (
            "Vay đào tạo nghề tối đa 4 triệu đồng một tháng cho người chấp hành xong án phạt tù.",
            "Vay sản xuất, kinh doanh tối đa 100 triệu đồng cho người chấp hành xong án phạt tù.",
            "ra tù vay sản xuất kinh doanh được bao nhiêu",
        ),
        ("", "", "gì"),
    ],
    ids=[
        "the same days",
        "the guide knows both",
        "another duty",
        "another matter",
        "no figure",
        "another duty of the same people",
        "another loan",
        "empty",
    ],
)
def test_what_only_seems_to_differ_does_not(first: str, second: str, question: str) -> None:
    assert not differ(first, second, question)
