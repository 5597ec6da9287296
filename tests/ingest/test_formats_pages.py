"""Web pages that are laid out in a table or a list, not set in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingest.document import read_document
from ingest.loaders.html import load_html
from knowledge.model import DocumentKind

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = "".join(
    f"<p><b>Điều {n}. Trách nhiệm thứ {n}</b></p>"
    f"<p>1. Công an xã tiếp nhận tin báo của bà con và ghi vào sổ trong ngày thứ {n}.</p>"
    f"<p>2. Ủy ban nhân dân xã giải quyết trong thời hạn {n} ngày làm việc kể từ ngày nhận.</p>"
    for n in range(1, 9)
)
MENU = "<div><a href=/>Trang chủ</a></div>"


@pytest.mark.parametrize(
    "body",
    [
        f"<table width=100%><tr><td><div class=content>{ARTICLES}</div></td></tr></table>",
        f"<table><tr><td>{MENU}</td><td><div class=content>{ARTICLES}</div></td></tr></table>",
        f"<ul><li><div class=content>{ARTICLES}</div></li></ul>",
    ],
    ids=["a cell", "a cell beside the menu", "a list item"],
)
def test_a_law_within_the_layout_keeps_its_articles(tmp_path: Path, body: str) -> None:
    file = tmp_path / "a.html"
    file.write_text(
        f"<html><head><meta charset=utf-8></head><body><h1>Quy định của xã</h1>{body}</body></html>",
        encoding="utf-8",
    )
    draft = read_document(file, key="k")
    assert draft.meta.kind is DocumentKind.LAW
    assert [passage.locator for passage in draft.passages] == [f"Điều {n}" for n in range(1, 9)]


def test_paragraphs_and_a_table_within_the_layout_stay_apart() -> None:
    news = "".join(
        f"<div>Đoạn {n}: Công an xã đề nghị bà con nộp hồ sơ tại trụ sở trước ngày {n} tháng 3 năm 2026, "
        "mang theo giấy tờ cá nhân.</div>"
        for n in range(1, 8)
    )
    rows = "".join(
        f"<tr><td><div>Thôn {name}</div></td><td><div>0221 3 000 00{n}</div></td></tr>"
        for n, name in enumerate(("Hạ", "Thượng"), 1)
    )
    page = (
        f"<meta charset=utf-8><table><tr><td>{MENU}</td><td><div id=content><h1>Thông báo</h1><div>{news}"
        f"<div><table>{rows}</table></div></div></div></td></tr></table>"
    )
    blocks = load_html(page.encode()).blocks
    assert len([block for block in blocks if block.text.startswith("Đoạn")]) == 7
    assert blocks[-1].is_table
    assert blocks[-1].text == "Thôn Hạ | 0221 3 000 001\nThôn Thượng | 0221 3 000 002"
