"""Where in a file a passage stands, in words a person can follow: page, sheet and rows, slide, scan."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.blocks import Block
    from knowledge.model import PassageDraft

_PAGE = re.compile(r"\btr\. (\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place; `rows` is the first and the last row of a sheet or table file."""

    page: int | None = None
    sheet: str = ""
    slide: int | None = None
    scanned: bool = False
    rows: tuple[int, int] | None = None

    @property
    def stem(self) -> str:
        """What an anchor without a heading begins with; empty where the file has no places."""
        if self.slide:
            return f"slide{self.slide}"
        if self.sheet:
            return f"{self.sheet}"
        return f"p{self.page}" if self.page else ""

    def joins(self, other: Place) -> bool:
        """Whether texts of both may stand in one passage."""
        return replace(self, rows=None) == replace(other, rows=None)

    def joined(self, other: Place) -> Place:
        """The place of both."""
        both = [rows for rows in (self.rows, other.rows) if rows]
        if not both:
            return self
        return replace(self, rows=(min(first for first, _ in both), max(last for _, last in both)))

    def told(self) -> str:
        """`trang tính ‘Tháng 6’, dòng 12–20`, `trang chiếu 4`, `bản quét, tr. 2`; empty where none is."""
        parts = []
        if self.scanned:
            parts.append(text("ingest.place_scan"))
        if self.page:
            parts.append(text("ingest.place_page", page=self.page))
        if self.sheet:
            parts.append(text("ingest.place_sheet", name=self.sheet))
        if self.slide:
            parts.append(text("ingest.place_slide", number=self.slide))
        if self.rows:
            first, last = self.rows
            key = "ingest.place_row" if first == last else "ingest.place_rows"
            parts.append(text(key, first=first, last=last))
        return ", ".join(parts)


def place_of(block: Block, rows: tuple[int, int] | None = None) -> Place:
    """Where *block*, or its *rows*, stands."""
    return Place(page=block.page, sheet=block.sheet, slide=block.slide, scanned=block.scanned, rows=rows)


def mark_scanned(passages: Iterable[PassageDraft], blocks: Iterable[Block]) -> list[PassageDraft]:
    """*passages* of a law, whose locators end with a page, marked where that page was read by OCR."""
    scanned = {block.page for block in blocks if block.scanned}
    marked = []
    for passage in passages:
        page = _PAGE.search(passage.locator)
        if scanned and (page is None or int(page[1]) in scanned):
            where = text("ingest.place_scan")
            before = passage.locator[: page.start()] if page else f"{passage.locator}, "
            after = f", {page[0]}" if page else ""
            marked.append(replace(passage, locator=f"{before}{where}{after}"))
        else:
            marked.append(passage)
    return marked
