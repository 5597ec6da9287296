"""Forms and pages of offices say who they are in their own ways; no other number is taken for theirs."""

from __future__ import annotations

import pytest

from ingest.document import read_document
from ingest.stated import propose
from tests.ingest.builders import docx, paragraph

_FORM = (
    "Mẫu CT77 ban hành kèm theo Thông tư số 99/2025/TT-BCA",
    "ngày 01/7/2025 của Bộ trưởng Bộ Công an",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập – Tự do – Hạnh phúc",
    "TỜ KHAI THAY ĐỔI CHỖ Ở",
    "Kính gửi:.........................",
    "1. Họ và tên:.....................",
)


def _proposed(path):
    return {item.field: item.value for item in propose(read_document(path, key="k"))}


def test_a_form_has_a_title_of_its_own_and_not_the_number_it_came_with(tmp_path):
    path = tmp_path / "mau-ct77.docx"
    path.write_bytes(docx(*map(paragraph, _FORM)))
    found = _proposed(path)
    assert found["title"] == "Tờ khai thay đổi chỗ ở"
    assert found["document_type"] == "Biểu mẫu"
    assert found["organisation"] == "Bộ Công an"
    assert "number" not in found


def test_a_circular_keeps_its_own_number(tmp_path):
    path = tmp_path / "tt.docx"
    lines = (
        "BỘ CÔNG AN",
        "Số: 99/2025/TT-BCA",
        "THÔNG TƯ",
        "QUY ĐỊNH VỀ CHỖ Ở",
        "Điều 1. Phạm vi",
        "Một câu về chỗ ở.",
    )
    path.write_bytes(docx(*map(paragraph, (*lines, "Điều 2. Hiệu lực", "Có hiệu lực ngay."))))
    found = _proposed(path)
    assert found["number"] == "99/2025/TT-BCA"
    assert found["document_type"] == "Thông tư"


@pytest.mark.parametrize("title", ["Cổng Thông Tin Số | Công An Phường Đồng Me", "Công an phường Đồng Me"])
def test_the_office_of_a_page_is_read_from_its_title(tmp_path, title):
    path = tmp_path / "trang.md"
    path.write_text(
        f"# {title}\n\n## Giờ làm việc\n\nSáng từ 7 giờ 30 đến 11 giờ 30, thứ hai đến thứ sáu.\n", "utf-8"
    )
    found = _proposed(path)
    assert found["organisation"].casefold() == "công an phường đồng me"
    assert found["area"] == "Phường Đồng Me"


def test_a_plan_with_kind_and_matter_in_one_line_has_a_title(tmp_path):
    path = tmp_path / "kh.docx"
    lines = (
        "KẾ HOẠCH TUẦN TRA ĐÊM",
        "DỊP TẾT NGUYÊN ĐÁN",
        "Căn cứ tình hình địa bàn, xã xây dựng kế hoạch sau.",
    )
    path.write_bytes(docx(*map(paragraph, lines)))
    assert _proposed(path)["title"] == "Kế hoạch tuần tra đêm dịp tết nguyên đán"
