from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encodings import decode
from ingest.errors import BrokenFile, GarbledText
from ingest.repair import repair
from ingest.wrapping import unwrap
from tests.ingest.old_encodings import as_cp1258

_TEXT = (
    "Điều 144. Tố giác, tin báo về tội phạm\n"
    "1. Tố giác về tội phạm là việc cá nhân phát hiện và tố cáo hành vi có dấu hiệu tội "
    "phạm với cơ quan có thẩm quyền.\n"
    "2. Người dân được giữ bí mật về họ tên, địa chỉ và những lời đã nói với công an phường."
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_told_by_their_bytes(encoding):
    assert repair(decode(_TEXT.encode(encoding))).strip() == _TEXT


def test_windows_1258_is_read_and_composed():
    assert repair(decode(as_cp1258(_TEXT))) == _TEXT


def test_tcvn3_shown_as_latin_is_undone_before_its_soft_hyphens_are_dropped():
    old = "§iÒu 144. Tè gi¸c, tin b¸o vÒ téi ph¹m. C¬ quan ®iÒu tra ph¶i gi÷ bÝ mËt cho ng\u00adêi d©n."
    new = "Điều 144. Tố giác, tin báo về tội phạm. Cơ quan điều tra phải giữ bí mật cho người dân."
    assert repair(old) == new


def test_utf8_read_as_latin_is_undone():
    assert repair(_TEXT.encode("utf-8").decode("latin-1")) == _TEXT


def test_decomposed_text_is_composed():
    assert repair(unicodedata.normalize("NFD", _TEXT)) == _TEXT


def test_invisible_characters_go_and_hard_blanks_become_blanks():
    assert repair("Phạ\u200bm\u00a0vi\u00ad hòa\ufeff giải") == "Phạm vi hòa giải"


def test_the_letter_eth_of_old_fonts_is_read_as_d_with_stroke():
    assert repair("Ðiều 5") == "Điều 5"


def test_letters_fallen_out_of_their_words_are_refused():
    with pytest.raises(GarbledText):
        repair("Vi ph m pháp lu t về hôn nhân ạ ả ệ ả ạ ậ trừ trường hợp d ch dân sự ị ị ạ ộ theo quy đ nh")


def test_a_binary_is_no_text():
    with pytest.raises(BrokenFile):
        decode(bytes(range(32)) * 20)


@given(st.text(alphabet="aáạăđêôơưABĐ ,.\n15", max_size=300))
def test_readable_text_comes_back_as_it_is(text):
    expected = "\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n"))
    assert "".join(repair(text).split()) == "".join(expected.split())


def test_spanish_and_french_are_left_alone():
    text = "El niño llegó mañana a la reunión con el señor José. La fête du château était très belle."
    assert repair(text) == text


def test_hard_wraps_are_joined_and_list_items_stay_apart():
    lines = [
        "1. Việc hòa giải ở cơ sở được tiến hành đối với các mâu thuẫn, tranh",
        "chấp, vi phạm pháp luật, trừ các trường hợp sau đây:",
        "a) Mâu thuẫn, tranh chấp xâm phạm lợi ích của Nhà nước, lợi ích công",
        "cộng;",
        "b) Vi phạm pháp luật về hôn nhân và gia đình, giao dịch dân sự mà theo",
        "quy định của pháp luật không được hòa giải.",
    ]
    assert unwrap(lines) == [f"{lines[0]} {lines[1]}", f"{lines[2]} {lines[3]}", f"{lines[4]} {lines[5]}"]


def test_lines_that_are_not_wrapped_stay():
    lines = ["Trang chủ", "Tin tức", "Một câu đủ dài đứng riêng một dòng.", "Một câu nữa."]
    assert unwrap(lines) == lines
