"""A link opens the original at the passage: a PDF at its page, everything else in its text view."""

from __future__ import annotations

import re

import pytest

from ingest.document import read_document
from ingest.media_types import PDF
from ingest.opening import fragment, opens_itself, page_of, part_id, parts, shown_inline
from knowledge.model import Original, PassageDraft
from tests.ingest.builders import pdf
from tests.ingest.office_builders import xlsx

FILE = Original(sha256="a" * 64, name="a", media_type=PDF, size=1)


def as_kind(media_type: str) -> Original:
    return Original(sha256="a" * 64, name="a", media_type=media_type, size=1)


@pytest.mark.parametrize(
    ("locator", "page"),
    [
        ("tr. 2", 2),
        ("khoản 1–3 Điều 5, tr. 12", 12),
        ("bản quét, tr. 7", 7),
        ("Điều 3, bản quét, tr. 4", 4),
        ("Mục 2 › Kinh phí, tr. 3", 3),
        ("trang tính ‘Tháng 6’, dòng 12–20", None),
        ("trang chiếu 4", None),
        ("khoản 2 Điều 5", None),
        ("", None),
    ],
)
def test_a_locator_names_its_page(locator: str, page: int | None) -> None:
    assert page_of(locator) == page
    item = PassageDraft(anchor="p", text="chữ", locator=locator)
    assert fragment(item, FILE) == f"#page={page or 1}"


def test_each_page_of_a_read_pdf_opens_at_itself(tmp_path) -> None:
    file = tmp_path / "gieng.pdf"
    lines = ("Giếng làng được vét bùn vào tháng ba hằng năm.", "Mỗi nhà cử một người mang theo gầu.")
    file.write_bytes(pdf([[line] for line in lines]))
    draft = read_document(file, key="a")
    assert draft.original is not None
    assert draft.original.media_type == PDF
    assert (draft.original.name, draft.original.size) == ("gieng.pdf", file.stat().st_size)
    opened = {fragment(item, draft.original): item.text for item in draft.passages}
    assert list(opened) == ["#page=1", "#page=2"]
    assert lines[1] in opened["#page=2"]


def test_a_row_of_a_workbook_opens_in_the_text_view(tmp_path) -> None:
    file = tmp_path / "bang.xlsx"
    rows = [["Thôn", "Số hộ"], ["Đồng Me", "120"], ["Tân Lập", "98"]]
    file.write_bytes(xlsx({"Tháng 6": rows}))
    draft = read_document(file, key="a")
    assert draft.original is not None
    assert not opens_itself(draft.original)
    view = {part.id: part for part in parts(draft.passages)}
    assert len(view) == len(draft.passages)
    link = fragment(draft.passages[0], draft.original)
    part = view[link.removeprefix("#")]
    assert part.locator == draft.passages[0].locator
    assert ("Đồng Me", "120") in part.table


def test_anchors_of_the_text_view_are_plain_and_tell_every_passage_apart() -> None:
    anchors = [
        "doan-1",
        "Điều 5",
        "dieu 5",
        "dieu-5",
        "a/b",
        "a b",
        "Đ",
        "d",
        "",
        "x" * 200,
        "<script>",
        "5.1",
    ]
    ids = [part_id(PassageDraft(anchor=anchor, text="chữ")) for anchor in anchors]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]+", one) for one in ids)
    assert ids == [part_id(PassageDraft(anchor=anchor, text="khác")) for anchor in anchors]


@pytest.mark.parametrize(
    "media_type",
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/plain", "multipart/related", ""],
)
def test_nothing_that_could_run_is_shown_by_itself(media_type: str) -> None:
    assert not shown_inline(as_kind(media_type))
    assert not opens_itself(as_kind(media_type))


def test_scans_and_photos_are_shown() -> None:
    assert all(shown_inline(as_kind(kind)) for kind in (PDF, "image/png", "image/jpeg", "image/webp"))
