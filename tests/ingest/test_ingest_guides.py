from __future__ import annotations

from datetime import date

import pytest

from ingest.errors import BadGuide
from ingest.guides import load_guides, parse_guide
from knowledge.model import Audience, DocumentKind
from prompts.catalog import LANGUAGES, text

_HEAD = """---
id: mau
title: Mẫu
topic: hoa-giai
audience: member
as_of: 2026-11-22
verified_by: null
---

# Mẫu
"""
_SECTION = """
## Nhờ hòa giải thế nào? {#nho-hoa-giai}

1. Tìm **hòa giải viên**.
2. Nói rõ chuyện gì.

### Căn cứ

- `35/2013/QH13+16` Luật Hòa giải ở cơ sở, Điều 16
- [Cổng thông tin](https://example.vn/a), năm 2025

### Người ta hay hỏi

- nho ai hoa giai
- hàng xóm cãi nhau
- hòa giải ở đâu
- ai giúp giảng hòa
"""


def test_a_guide_becomes_a_draft_with_questions_and_references():
    draft = parse_guide(_HEAD + _SECTION, slug="mau")
    passage = draft.passages[0]
    assert (draft.meta.key, draft.meta.kind, draft.meta.audience) == (
        "guide:mau",
        DocumentKind.GUIDE,
        Audience.MEMBER,
    )
    assert draft.meta.as_of == date(2026, 11, 22)
    assert draft.meta.verified_by is None
    assert passage.anchor == "nho-hoa-giai"
    assert passage.text == "1. Tìm **hòa giải viên**.\n2. Nói rõ chuyện gì."
    assert passage.questions[0] == "nho ai hoa giai"
    assert passage.articles == ("35/2013/QH13+16",)
    assert passage.references[0].title == "Luật Hòa giải ở cơ sở, Điều 16"
    assert (passage.references[1].title, passage.references[1].url) == (
        "Cổng thông tin, năm 2025",
        "https://example.vn/a",
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("topic: hoa-giai", "topic: linh-tinh", "guide_bad_field"),
        ("audience: member", "audience: all", "guide_bad_field"),
        ("as_of: 2026-11-22", "as_of: hôm nay", "guide_bad_field"),
        ("title: Mẫu", "titel: Mẫu", "guide_missing_field"),
        ("verified_by: null", "ai_do: x", "guide_unknown_field"),
        ("id: mau", "id: khac", "guide_wrong_id"),
        (" {#nho-hoa-giai}", "", "guide_no_anchor"),
        ("{#nho-hoa-giai}", "{#Nhờ}", "guide_bad_anchor"),
        ("### Căn cứ", "### Nguồn", "guide_unknown_part"),
        ("### Người ta hay hỏi", "### Căn cứ", "guide_part_twice"),
        ("1. Tìm **hòa giải viên**.\n2. Nói rõ chuyện gì.", "", "guide_no_body"),
        ("2. Nói rõ", "x" * 901, "guide_long_body"),
        ("- ai giúp giảng hòa\n", "", "guide_questions"),
        ("## Nhờ", "#### Nhờ", "guide_no_section"),
    ],
)
def test_each_fault_of_a_guide_is_named_with_its_place(old, new, code):
    with pytest.raises(BadGuide) as caught:
        parse_guide((_HEAD + _SECTION).replace(old, new, 1), slug="mau")
    assert caught.value.code == code
    for language in LANGUAGES:
        assert "mau.md" in text(f"ingest.{code}", language, **caught.value.fields)


def test_the_line_of_a_fault_counts_from_the_top_of_the_file():
    broken = _HEAD + _SECTION + _SECTION.replace(" {#nho-hoa-giai}", "")
    with pytest.raises(BadGuide) as caught:
        parse_guide(broken, slug="mau")
    number = int(caught.value.fields["line"])
    assert broken.split("\n")[number - 1].startswith("## Nhờ")


def test_an_anchor_twice_is_refused():
    with pytest.raises(BadGuide, match="guide_anchor_twice"):
        parse_guide(_HEAD + _SECTION + _SECTION, slug="mau")


def test_a_folder_of_guides_is_read_by_name_without_its_readme(tmp_path):
    (tmp_path / "mau.md").write_text(_HEAD + _SECTION, encoding="utf-8")
    (tmp_path / "README.md").write_text("về thư mục này", encoding="utf-8")
    assert [draft.meta.key for draft in load_guides(tmp_path)] == ["guide:mau"]


def test_a_changed_guide_has_another_hash():
    first = parse_guide(_HEAD + _SECTION, slug="mau")
    second = parse_guide(_HEAD + _SECTION.replace("chuyện gì", "việc gì"), slug="mau")
    assert first.content_hash != second.content_hash
    assert first.content_hash == parse_guide(_HEAD + _SECTION, slug="mau").content_hash


def test_more_wordings_join_their_section_and_change_its_hash(tmp_path):
    (tmp_path / "mau.md").write_text(_HEAD + _SECTION, encoding="utf-8")
    (before,) = load_guides(tmp_path)
    anchor = before.passages[0].anchor
    (tmp_path / "more-wordings.toml").write_text(f'"mau#{anchor}" = ["nho ai noi giup"]', encoding="utf-8")
    (after,) = load_guides(tmp_path)
    assert after.passages[0].questions == (*before.passages[0].questions, "nho ai noi giup")
    assert after.content_hash != before.content_hash


def test_wordings_of_no_section_are_named(tmp_path):
    (tmp_path / "mau.md").write_text(_HEAD + _SECTION, encoding="utf-8")
    (tmp_path / "more-wordings.toml").write_text('"mau#khong-co" = ["x"]', encoding="utf-8")
    with pytest.raises(BadGuide) as caught:
        load_guides(tmp_path)
    assert caught.value.fields["where"] == "mau#khong-co"
