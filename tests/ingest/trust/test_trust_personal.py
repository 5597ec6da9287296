"""What leads to a private person is found before the public reads it; offices, laws and examples are not."""

from __future__ import annotations

import pytest

from ingest.trust.flags import Code
from ingest.trust.inspection import inspect
from ingest.trust.personal import private_names
from knowledge.model import Audience
from tests.ingest.trust.trust_drafts import SOURCES, TODAY, draft, found_in, grave_in

PRIVATE = [
    "Liên hệ anh Trần Văn Bình, số điện thoại 0912 345 678 để biết thêm.",
    "Bà Lê Thị Hoa, CCCD 001185012345, trú tại thôn 3 xã X.",
    "Số tài khoản 19033445566778 Techcombank của anh Bình.",
    "Người tố giác Phạm Văn Tuấn đã gửi đơn hôm qua.",
    "Anh Nguyễn Văn Hùng nghiện ma túy nhiều năm nay.",
    "Cháu Hoàng Thị Mai Lan, sinh ngày 12/5/2014, học lớp 6.",
    "Nguyễn Thị Thanh Hằng | 1980 | thường trú thôn Đông | 0987.654.321",
    "Gọi cho tôi theo số 0933-222-111 nhé.",
    "Ông Vũ Đình Long (sinh năm 1975, ngụ thôn Bắc) mới ra tù.",
]
PUBLIC = [
    "Đường dây nóng Công an xã: 0912 345 678.",
    "Ông Nguyễn Văn Hòa, Chủ tịch Ủy ban MTTQ tỉnh, điện thoại 0781 3932 021.",
    "Ví dụ: ông Nguyễn Văn A, trú tại thôn B, điện thoại 09xx xxx xxx.",
    "Người dân gọi 113, 114, 115 hoặc 111.",
    "Đường Trần Hưng Đạo, phường Lê Lợi, địa chỉ trụ sở số 12.",
    "Năm 2024 toàn tỉnh thu 1.234.567.890 đồng tiền quỹ.",
    "Đồng chí Trần Văn Bình, Trưởng Công an xã, số điện thoại trực ban 0912 345 678.",
    "Quỹ vì người nghèo xã, số tài khoản 3761.0.1234567.",
    "Liên hệ trung tâm trợ giúp pháp lý, số điện thoại 0210 3846 123.",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_what_leads_to_a_private_person_is_grave_for_the_public_only(text):
    assert grave_in(text) == {Code.PRIVATE_PERSON}
    for audience in (Audience.MEMBER, Audience.OFFICER):
        assert grave_in(text, audience=audience) == set()


@pytest.mark.parametrize("text", PUBLIC)
def test_an_office_its_line_and_an_example_are_not(text):
    assert grave_in(text) == set()


def test_an_offices_unlisted_line_is_told_lightly_and_a_public_one_not():
    assert found_in("Đường dây nóng Công an xã: 0912 345 678.") == {Code.PHONE_UNLISTED}
    assert found_in("Gọi 069.2326555 hoặc 1900 96 96 80, 0769.04.04.04.") == set()


def test_a_name_alone_is_told_lightly():
    assert found_in("Bà Lê Thị Hoa kể lại chuyện làng.") == {Code.PRIVATE_NAME}
    assert found_in("Bà Lê Thị Hoa, Chủ tịch Hội Phụ nữ, kể lại chuyện làng.") == set()


@pytest.mark.parametrize("text", ["đường Nguyễn Văn Linh", "Trường THPT Trần Hưng Đạo", "ông Nguyễn Văn A"])
def test_streets_schools_and_examples_are_nobody(text):
    assert private_names(text) == []


@pytest.mark.parametrize("text", PRIVATE)
def test_the_report_does_not_tell_what_it_warns_of(text):
    for flag in inspect(draft(text), sources=SOURCES, today=TODAY):
        assert not any(
            part in flag.sample for part in ("0912", "001185012345", "19033445566778", "0987", "0933")
        )
        assert not any(
            name in flag.sample for name in ("Bình", "Thị Hoa", "Tuấn", "Hùng", "Mai Lan", "Hằng", "Long")
        )
