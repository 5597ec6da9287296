"""What a document says of itself is proposed as a sidecar that the loader takes back unchanged."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.metadata import checked, read_sidecar
from ingest.stated import Proposed, as_sidecar, propose
from knowledge.model import Audience, DocumentKind
from tests.ingest.trust.trust_drafts import draft

WORDS = dict.fromkeys(
    ("read", "number", "head", "title", "text", "register", "missing", "amends", "confirm"), "ghi chú"
)
PLAN = (
    "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ TÂN LẬP | Độc lập - Tự do - Hạnh phúc\n"
    "Số: 27/KH-UBND | Tân Lập, ngày 3 tháng 2 năm 2026\nKẾ HOẠCH\nTuyên truyền phòng, chống ma túy năm 2026"
)


def values(item):
    return {one.field: one.value for one in propose(item)}


def origins(item):
    return {one.field: one.origin for one in propose(item)}


@pytest.mark.parametrize(
    ("number", "kind", "issuer"),
    [
        ("35/2013/QH13", "Luật", "Quốc hội"),
        ("100/2015/QH13", "Bộ luật", "Quốc hội"),
        ("41/2017/QH14", "Nghị quyết", "Quốc hội"),
        ("15/2014/NĐ-CP", "Nghị định", "Chính phủ"),
        ("22/2023/QĐ-TTg", "Quyết định", "Thủ tướng Chính phủ"),
        ("10/2024/TT-BCA", "Thông tư", "Bộ Công an"),
        ("01/2017/TTLT-BCA-BQP", "Thông tư liên tịch", None),
        ("02/2018/NQ-HĐTP", "Nghị quyết", "Hội đồng Thẩm phán Tòa án nhân dân tối cao"),
        ("27/KH-UBND", "Kế hoạch", None),
        ("09-CT/TW", "Chỉ thị", None),
    ],
)
def test_kind_and_issuer_follow_from_the_number(number, kind, issuer):
    found = values(draft("Nội dung.", number=number, kind=DocumentKind.LAW))
    assert (found["document_type"], found.get("organisation")) == (kind, issuer)


def test_a_plan_of_a_commune_says_who_made_it_and_for_which_place():
    found = values(
        draft(PLAN, title="Kế hoạch tuyên truyền phòng, chống ma túy năm 2026", number="27/KH-UBND")
    )
    assert found["document_type"] == "Kế hoạch"
    assert found["organisation"] == "Ủy ban nhân dân xã Tân Lập"
    assert found["area"] == "Xã Tân Lập"


def test_xa_hoi_is_no_commune():
    assert "area" not in values(draft("Tin.", title="Phòng, chống tệ nạn xã hội và Xã hội học tập"))


def test_what_a_text_changes_is_told_and_what_a_law_lists_as_its_changes_is_not():
    title = "Thông tư sửa đổi, bổ sung một số điều của Thông tư số 28/2020/TT-BCA về tiếp nhận tin báo"
    assert values(draft("Điều 1.", title=title, number="129/2021/TT-BCA"))["amends"] == "28/2020/TT-BCA"
    listed = "Luật sửa đổi, bổ sung một số điều của Bộ luật Hình sự số 12/2017/QH14"
    assert "amends" not in values(draft(listed, title="Bộ luật Hình sự", number="100/2015/QH13"))
    assert "amends" not in values(draft(listed, title="Tin về sửa đổi luật"))


def test_the_register_gives_a_day_the_text_leaves_out_and_never_another():
    law = draft("Nội dung.", number="41/2019/QH14", kind=DocumentKind.LAW, effective=date(2020, 1, 1))
    assert values(law)["effective"] == "2020-01-01"
    assert origins(law)["effective"] == "read"
    assert origins(draft("Nội dung.", number="35/2013/QH13"))["number"] == "read"
    assert origins(draft("Nội dung.", number="282/2025/NĐ-CP"))["effective"] == "register"


def test_the_register_gives_the_last_day_of_a_law_not_the_first_without_it():
    """Nghị định 144/2021 ended on 15/12/2025: on the 14th it was still in force."""
    law = draft("Nội dung.", number="144/2021/NĐ-CP", kind=DocumentKind.LAW)
    assert (values(law)["expires"], origins(law)["expires"]) == ("2025-12-14", "register")


def test_a_draft_is_a_draft_and_news_is_news():
    assert values(draft("Điều 1.", title="Dự thảo Luật Hòa giải"))["document_type"] == "Dự thảo"
    assert values(draft("Tin.", issued=date(2025, 3, 3)))["document_type"] == "Tin bài"
    assert "document_type" not in values(draft("Chữ."))


def test_the_sidecar_is_taken_back_as_it_was_proposed():
    item = draft(
        PLAN, title='Kế hoạch "bốn không": năm 2026 #1', number="27/KH-UBND", audience=Audience.MEMBER,
        issued=date(2026, 2, 3), replaces=("27/2018/NĐ-CP", "15/2014/NĐ-CP"), url="https://xa.gov.vn/a?b=1#c",
    )  # fmt: skip
    taken = checked(read_sidecar(as_sidecar(propose(item), item.meta, WORDS).encode()))
    assert taken["audience"] is Audience.MEMBER
    assert taken["title"] == item.meta.title
    assert taken["issued"] == date(2026, 2, 3)
    assert taken["replaces"] == ("27/2018/NĐ-CP", "15/2014/NĐ-CP")
    assert taken["url"] == item.meta.url
    assert taken["area"] == "Xã Tân Lập"
    assert "verified_by" not in taken  # only a person writes that


def test_a_sidecar_without_anything_known_is_still_one():
    item = draft("Chữ.", title="")
    assert checked(read_sidecar(as_sidecar((), item.meta, WORDS).encode())) == {"audience": Audience.PUBLIC}
    amended = (Proposed("amends", "1/2020/NĐ-CP", "text"),)
    assert "# ghi chú: 1/2020/NĐ-CP" in as_sidecar(amended, item.meta, WORDS)
