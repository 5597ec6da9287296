"""Law as a document cites it: what cannot be is grave, what is over or unknown is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.trust.flags import Code
from ingest.trust.inspection import inspect
from knowledge.law_register import number_key
from knowledge.model import DocumentDraft, DocumentKind, DocumentMeta, PassageDraft
from tests.ingest.trust.trust_drafts import SOURCES, TODAY, found_in, grave_in

ARTICLE_20 = (
    "Hòa giải viên tiến hành hòa giải trong thời hạn 03 ngày, kể từ ngày được phân công, trừ trường hợp cần "
    "thiết phải hòa giải ngay hoặc các bên có thỏa thuận khác về thời gian hòa giải."
)
SPUN = [
    "Theo Điều 45 Luật Hòa giải ở cơ sở, hòa giải viên được phạt tiền.",
    "Căn cứ Điều 600 Bộ luật Hình sự 2015, người không tố giác bị tử hình.",
    "Luật Tố cáo số 35/2013/QH13 quy định về hòa giải viên.",
    "Nghị định số 25/2018/QH14 quy định mức phạt.",
    "Luật số 45/2019/QH13 có hiệu lực từ năm 2020.",
    "Nghị định 12/2031/NĐ-CP quy định về tố giác.",
    "Luật số 35/2013/QH13 về tố cáo quy định như sau.",
]
TRUE = [
    "Luật Hòa giải ở cơ sở số 35/2013/QH13 có hiệu lực từ năm 2014.",
    "Bộ luật Tố tụng hình sự số 101/2015/QH13 và Bộ luật Hình sự số 100/2015/QH13.",
    "Điều 144, 145 và 146 Bộ luật Tố tụng hình sự năm 2015.",
    "Luật sửa đổi, bổ sung một số điều của Luật Trẻ em số 28/2018/QH14.",
    "Ban hành kèm theo Quyết định số 22/2023/QĐ-TTg.",
]
BEGIN = "viên tiến hành hòa giải trong thời hạn {} ngày, kể từ ngày được phân công"


def article_text(number, article):
    return ARTICLE_20 if (number_key(number), article) == ("35/2013/qh13", "20") else ""


@pytest.mark.parametrize("text", SPUN)
def test_a_number_name_or_article_that_cannot_be_is_grave(text):
    assert grave_in(text) == {Code.SPUN_STATUTE}


@pytest.mark.parametrize("text", TRUE)
def test_a_true_citation_is_no_finding(text):
    assert Code.SPUN_STATUTE not in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Theo Điều 20 Luật Hòa giải ở cơ sở, hòa giải {BEGIN}, trừ trường hợp cần thiết phải hòa giải ngay.",
        f"Điều 20 Luật 35/2013/QH13 quy định: “Hòa giải {BEGIN}”.",
        f"Căn cứ Điều 20 Luật Hòa giải ở cơ sở.\nHòa giải {BEGIN}, trừ trường hợp cần thiết.",
    ],
)
def test_a_quotation_with_another_figure_than_the_law_in_the_library_is_grave(text):
    assert grave_in(text.format("30"), article_text=article_text) == {Code.SPUN_STATUTE}
    assert grave_in(text.format("03"), article_text=article_text) == set()
    assert grave_in(text.format("3"), article_text=article_text) == set()
    assert grave_in(text.format("30")) == set()  # nothing to compare with: nothing is said


def test_own_words_about_an_article_are_no_quotation():
    text = "Theo Điều 20 Luật Hòa giải ở cơ sở, năm 2024 xã có 30 hòa giải viên và họp 12 buổi ở nhà văn hóa."
    assert grave_in(text, article_text=article_text) == set()


def test_law_that_is_over_is_told_unless_the_sentence_knows():
    assert found_in("Theo Nghị định 144/2021/NĐ-CP, mức phạt là 2 triệu.") == {Code.LAW_REPEALED}
    assert found_in("Nghị định 282/2025/NĐ-CP thay thế Nghị định 144/2021/NĐ-CP.") == set()
    assert found_in("Theo Luật số 41/2019/QH14.", today=date(2026, 6, 30)) == set()
    assert found_in("Theo Luật số 41/2019/QH14.", today=date(2026, 7, 2)) == {Code.LAW_REPEALED}


def test_a_law_nobody_has_registered_is_told_and_not_grave():
    assert found_in("Theo Nghị định số 99/2019/NĐ-CP về việc khác.") == {Code.LAW_UNKNOWN}


@pytest.mark.parametrize(
    "text",
    [
        "DỰ THẢO LUẬT VỀ HÒA GIẢI (trình xin ý kiến, chưa có hiệu lực)\nĐiều 5. Tổ hòa giải",
        "Dự thảo Nghị định quy định chi tiết Luật Hòa giải ở cơ sở.",
        "Bộ Tư pháp đang lấy ý kiến nhân dân đối với dự thảo Luật Hòa giải ở cơ sở.",
    ],
)
def test_a_draft_is_told(text):
    assert Code.DRAFT in found_in(text)
    assert Code.DRAFT not in found_in("Luật Hòa giải ở cơ sở có hiệu lực từ năm 2014.")


def test_bodies_that_are_no_more_are_told_from_july_2025_on():
    text = "Người dân đến Công an huyện X hoặc Phòng Lao động - Thương binh và Xã hội."
    assert found_in(text) == {Code.OLD_BODIES}
    assert found_in(text, today=date(2025, 6, 30)) == set()


def law(number, *articles):
    parts = tuple(
        PassageDraft(anchor=f"dieu-{one}", text="Nội dung.", articles=(f"{number}+{one}",))
        for one in articles
    )
    meta = DocumentMeta(key="luat", title="Luật", kind=DocumentKind.LAW, number=number)
    return DocumentDraft(meta=meta, passages=parts, content_hash="1")


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        (law("35/2013/QH13", "1", "33"), set()),
        (law("35/2013/QH13", "1", "34"), {Code.SPUN_STATUTE}),
        (law("35/2019/QH13", "1"), {Code.SPUN_STATUTE}),
        (law("999/2024/NĐ-CP", "1"), {Code.LAW_UNKNOWN}),
        (law("144/2021/NĐ-CP", "1"), {Code.LAW_REPEALED}),
        (law("", "1"), set()),
    ],
)
def test_a_legal_text_is_held_against_the_register_itself(item, codes):
    assert {flag.code for flag in inspect(item, sources=SOURCES, today=TODAY)} == codes


def test_what_a_law_cites_was_law_in_its_day():
    item = law("15/2014/NĐ-CP", "1")
    cited = PassageDraft(anchor="dieu-2", text="Theo Luật số 41/2019/QH14 và Nghị định số 99/2010/NĐ-CP.")
    flags = inspect(replace(item, passages=(cited,)), sources=SOURCES, today=TODAY)
    assert flags == ()
