"""`check_guides`: a good guide passes, and each thing planted into it is found and named."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ingest.guide_check import OLD_AFTER, check_guides, tell
from ingest.guide_rules import known_numbers
from prompts.catalog import LANGUAGES

REPOSITORY = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 28)
GOOD = """---
id: mau
title: Mẫu
topic: hoa-giai
audience: public
as_of: 2026-11-22
verified_by: null
---

# Mẫu

## Nhờ hòa giải thế nào? {#nho}

1. Gặp **hòa giải viên** trong 3 ngày.
2. Đánh nhau thì gọi **113**.

### In English

See a mediator within 3 days. If there is a fight, call 113.

### Căn cứ

- `35/2013/QH13+16` Luật Hòa giải ở cơ sở, Điều 16

### Người ta hay hỏi

- nho ai hoa giai
- hàng xóm cãi nhau
- hòa giải ở đâu
- ai giúp giảng hòa

## Hòa giải có mất tiền không? {#tien}

Không mất. Xem [cách nhờ](#nho).

### Căn cứ

- Luật Hòa giải ở cơ sở 35/2013

### Người ta hay hỏi

- hoa giai mat tien khong
- phí hòa giải
- hòa giải tốn bao nhiêu
- có phải trả công không
"""


def found(folder: Path, text: str = GOOD, **others: str) -> list[tuple[str, str, int]]:
    """Kind, place and line of what is found in a guide *text* beside *others*."""
    for name, words in {"mau": text, **others}.items():
        (folder / f"{name}.md").write_text(words, encoding="utf-8")
    report = check_guides(folder, today=TODAY)
    for finding in report.findings:
        for language in LANGUAGES:
            assert finding.file in tell(finding, language)
    return [(item.kind, item.where, item.line) for item in report.findings]


def test_a_good_guide_passes_and_is_counted(tmp_path: Path) -> None:
    assert found(tmp_path) == []
    report = check_guides(tmp_path, today=TODAY)
    assert (report.guides, report.sections, report.unverified, report.in_english) == (1, 2, 1, 1)
    verified = GOOD.replace("verified_by: null", 'verified_by: "Bà Mẫu"')
    assert found(tmp_path, verified) == []
    assert check_guides(tmp_path, today=TODAY).unverified == 0


@pytest.mark.parametrize(
    ("old", "new", "kind", "line"),
    [
        ("Không mất.", "Không mất " + "gì cả " * 20 + ".", "long_sentence", 32),
        ("Không mất.", "Bà con cứ gọi cho tổ trưởng rồi chờ " * 3, "long_sentences", 32),
        ("Không mất.", "Cơ quan có thẩm quyền thụ lý.", "hard_words", 32),
        ("Không mất.", "Theo Nghị định 999/2031.", "unknown_law", 34),
        ("`35/2013/QH13+16`", "`998/2013/QH13+16`", "unknown_law", 23),
        ("Không mất.", "Theo Nghị định 144/2021/NĐ-CP.", "ended_law", 34),
        ("Không mất.", "Theo Nghị định 49/2020/NĐ-CP.", "doubtful_law", 34),
        ("Không mất.", "Gọi **199**.", "unknown_number", 34),
        ("Không mất.", "Gọi 118 nhé.", "unknown_number", 34),
        ("Không mất.", "Nhắn 0912 345 678.", "unknown_number", 34),
        ("Không mất.", "Số **069.232.6555**.", "cautious_number", 34),
        ("Không mất.", "Số 1900 96 96 80.", "stale_number", 34),
        ("(#nho)", "(#khong-co)", "dead_link", 34),
        ("(#nho)", "(guide:mau#khong-co)", "dead_link", 34),
        ("(#nho)", "(khac.md)", "dead_link", 34),
        ("within 3 days", "within 5 days", "english_figure", 17),
        ("call 113", "call 114", "english_figure", 17),
        ("within 3 days", "within three days", "number_in_words", 17),
        ("See a mediator", "See. A. Very. Kind mediator", "many_sentences", 17),
        ("See a mediator", "See a mediator " + "kindly " * 70, "long_english", 17),
        ("- phí hòa giải", "- Nhờ ai, HÒA GIẢI?", "same_question", 32),
        ("as_of: 2026-11-22", "as_of: 2026-11-29", "future", 1),
    ],
)
def test_each_planted_fault_is_found_in_its_line(
    tmp_path: Path, old: str, new: str, kind: str, line: int
) -> None:
    """And fails the check."""
    planted = GOOD.replace(old, new, 1)
    assert planted != GOOD
    named = found(tmp_path, planted)
    assert (kind, line) in {(what, number) for what, _, number in named}, named
    assert check_guides(tmp_path, today=TODAY).errors


@pytest.mark.parametrize(
    "words",
    [
        "Nghị định 144/2021/NĐ-CP là bản cũ.",
        "Mức này ghi trong Nghị định 282/2025, thay Nghị định 144/2021.",
        "Theo Nghị định 49/2020, nên hỏi lại công an xã.",
        "Từ 1/7/2026 phạt 113 triệu đồng.",
        "Có 112 người, 115 hộ dự.",
        "Gọi **0769.04.04.04**.",
        "Số **069.232.6555**: hỏi lại trước khi dựa vào.",
        "Luật 136/2025/QH15 và Chỉ thị 09-CT/TW.",
        "Xem [cẩm nang](guide:mau) và [trang](https://vidu.vn/a).",
        "Đủ **100** chữ, **2026** là năm nay.",
    ],
)
def test_what_only_looks_like_a_fault_passes(tmp_path: Path, words: str) -> None:
    assert found(tmp_path, GOOD.replace("Không mất.", words)) == []


def test_a_fact_old_by_the_clock_is_a_warning_and_no_error(tmp_path: Path) -> None:
    found(tmp_path)
    checked = date(2026, 11, 22)
    last = checked + timedelta(days=OLD_AFTER)
    assert check_guides(tmp_path, today=last).findings == ()
    report = check_guides(tmp_path, today=last + timedelta(days=1))
    assert [(item.kind, item.is_warning) for item in report.findings] == [("old", True)]
    assert report.errors == 0


def test_a_law_is_over_only_from_the_day_it_ended(tmp_path: Path) -> None:
    """Nghị định 144/2021 ended on 15/12/2025."""
    found(
        tmp_path,
        GOOD.replace("Không mất.", "Theo Nghị định 144/2021/NĐ-CP.").replace("2026-11-22", "2025-01-01"),
    )
    kinds = {
        day: [item.kind for item in check_guides(tmp_path, today=day).findings if not item.is_warning]
        for day in (date(2025, 12, 14), date(2025, 12, 15))
    }
    assert kinds == {date(2025, 12, 14): [], date(2025, 12, 15): ["ended_law"]}


def test_one_broken_guide_hides_no_other(tmp_path: Path) -> None:
    """What the format forbids is told with its line, and the next guide is still looked at."""
    broken = GOOD.replace("id: mau", "id: hong").replace(
        "- `35/2013/QH13+16` Luật Hòa giải ở cơ sở, Điều 16", ""
    )
    named = found(tmp_path, GOOD.replace("113**", "119**"), hong=broken)
    assert ("guide_no_sources", "hong.md", 12) in named
    assert ("unknown_number", "mau#nho", 15) in named


def test_wordings_beside_the_guides_are_looked_at_too(tmp_path: Path) -> None:
    """Of no section, or another section's question."""
    wordings = '"mau#khong-co" = ["x"]\n"mau#tien" = ["Hàng xóm cãi nhau!"]\n'
    (tmp_path / "more-wordings.toml").write_text(wordings, encoding="utf-8")
    assert {kind for kind, _, _ in found(tmp_path)} == {"stray_wording", "same_question"}


def test_numbers_in_the_register_are_digits_with_a_known_status() -> None:
    numbers = known_numbers()
    assert {"111", "112", "113", "114", "115"} <= {
        number for number, row in numbers.items() if row.status == "confirmed"
    }
    for number, row in numbers.items():
        assert number.isdigit()
        assert row.status in {"confirmed", "cautious", "stale"}
        assert row.source


def test_the_shipped_guides_pass_and_say_the_twelve_most_asked_in_english() -> None:
    report = check_guides(REPOSITORY / "guides", today=TODAY)
    assert [tell(item, "en") for item in report.findings] == []
    assert report.sections > 300
    assert report.in_english >= 12
