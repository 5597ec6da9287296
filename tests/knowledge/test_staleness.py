"""Offices that are no more: named in old passages, and told; not flagged where the text knows better."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.model import DocumentMeta
from knowledge.staleness import Stale, old_names, stale_names, told_stale
from prompts.catalog import LANGUAGES

OLD = DocumentMeta(key="a", title="Tin cũ", issued=date(2021, 6, 20))
NEW = DocumentMeta(key="b", title="Tin mới", issued=date(2026, 3, 2))
UNDATED = DocumentMeta(key="c", title="Không ngày")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Người dân đến Công an huyện X để tố giác.", "police"),
        ("Công an cấp huyện thụ lý.", "police"),
        ("Nộp ở công an quận nơi ở.", "police"),
        ("UBND huyện ra quyết định.", "district"),
        ("Ủy ban nhân dân cấp huyện hỗ trợ kinh phí.", "district"),
        ("Phòng Tư pháp hướng dẫn hòa giải viên.", "district"),
        ("Tòa án nhân dân cấp huyện ra quyết định công nhận.", "court"),
        ("Viện kiểm sát nhân dân huyện kiểm sát.", "court"),
        ("Báo cho Phòng Lao động - Thương binh và Xã hội.", "labour"),
        ("Bộ Lao động – Thương binh và Xã hội quản lý tổng đài.", "labour"),
        ("Sở LĐTBXH tiếp nhận.", "labour"),
        ("Bộ Thông tin và Truyền thông quy định số 5656.", "telecom"),
        ("Cơ quan điều tra cấp huyện khởi tố.", "investigation"),
    ],
)
def test_an_old_name_is_found_in_an_old_passage(text: str, name: str) -> None:
    for meta in (OLD, UNDATED):
        assert [item.name for item in stale_names(text, meta)] == [name]
    assert stale_names(text, NEW) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Từ 1/3/2025 không còn công an huyện. Anh chị đến công an xã.",
        "Trước đây việc này do UBND huyện làm.",
        "Công an cấp huyện đã kết thúc hoạt động.",
        "Công an xã, phường nhận tin.",
        "Công an quân đội, công an nhân dân.",
        "Huyện X đẹp lắm.",
        "Phòng chống ma túy ở xã.",
    ],
)
def test_who_speaks_of_the_change_or_of_others_is_not_flagged(text: str) -> None:
    assert stale_names(text, UNDATED) == ()


def test_the_day_of_each_change_decides() -> None:
    spring = DocumentMeta(key="d", title="Tháng tư", issued=date(2025, 4, 1))
    text = "Hỏi Công an huyện hoặc UBND huyện."
    assert [item.name for item in stale_names(text, spring)] == ["district"]
    assert {item.name for item in stale_names(text, OLD)} == {"police", "district"}


def test_a_second_sentence_is_still_flagged_where_the_first_tells_of_the_change() -> None:
    text = "Không còn phòng y tế huyện. Nộp đơn ở công an huyện."
    assert [item.name for item in stale_names(text, OLD)] == ["police"]


def test_what_is_said_names_the_words_and_where_to_ask_now() -> None:
    stale = stale_names("Đến Công an huyện X.", OLD)
    told = told_stale(stale, "vi")
    assert "công an huyện" in told
    assert "1/3/2025" in told
    assert "công an xã" in told
    assert told_stale((), "vi") == ""


def test_every_kind_has_its_sentence_in_both_languages() -> None:
    for old in old_names():
        for language in LANGUAGES:
            assert "công an x" in told_stale((Stale(old.name, "công an x"),), language)
