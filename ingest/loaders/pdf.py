"""
Digital PDF by pdfplumber, page by page: lines joined into paragraphs, tables by row, running heads dropped.

pdfplumber because the others scramble PDFs that LibreOffice makes with fallback fonts. Pages are closed as
we go, or memory grows with the document. Runs in the worker only.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, EncryptedFile, NoText, TooLarge
from ingest.repair import continues, repair

if TYPE_CHECKING:
    from pathlib import Path

PAGE_LIMIT = 3_000
_SCAN_CHARACTERS = 30  # a page with fewer and a picture is a scan
_EDGE_LINES = 2  # at the top and at the bottom of a page, where running heads stand
_PAGE_NUMBER = re.compile(r"\W*(?:trang|page)?\s*\d{1,4}(?:\s*(?:/|of|trên)\s*\d{1,4})?\W*", re.IGNORECASE)
_HEADING_RATIO = 1.15  # of the usual letter height
_HEADING_LENGTH = 160
_FULL = 0.8  # of the widest line: from there on a line reaches the margin


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a page, or one whole table."""

    text: str
    size: float
    bold: bool
    right: float  # where it ends, as a share of the widest line
    is_table: bool = False


def load_pdf(path: Path) -> Extracted:
    """
    The text of the PDF at *path* as blocks with their pages.

    Raises:
        EncryptedFile, BrokenFile, TooLarge, NoText, GarbledText: As said.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(path) as document:
            if len(document.pages) > PAGE_LIMIT:
                raise TooLarge(what="pages", limit=str(PAGE_LIMIT))
            pages, scanned = _pages(document)
            info = document.metadata or {}
    except (PdfminerException, PDFPasswordIncorrect) as error:
        causes = (error, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise EncryptedFile(kind="pdf") from None
        raise BrokenFile(kind="pdf") from None
    if not pages:
        raise BrokenFile(kind="pdf")
    if scanned * 2 > len(pages) or not any(pages):
        raise NoText(pages=str(len(pages)))
    blocks = _blocks(_without_running_heads(pages))
    title = info.get("Title")
    return Extracted(blocks=tuple(blocks), title=_usable_title(title), author="")


def _pages(document: Any) -> tuple[list[list[_Row]], int]:
    pages: list[list[_Row]] = []
    scanned = 0
    for page in document.pages:
        rows = _rows(page)
        if sum(len(row.text) for row in rows) < _SCAN_CHARACTERS and page.images:
            scanned += 1
        pages.append(rows)
        page.close()
    return pages, scanned


def _rows(page: Any) -> list[_Row]:
    tables = [(table.bbox, _table(table)) for table in page.find_tables()]
    tables = [(box, text) for box, text in tables if text]
    placed: list[tuple[float, _Row]] = [
        (box[1], _Row(text, 0.0, bold=False, right=1.0, is_table=True)) for box, text in tables
    ]
    lines = page.extract_text_lines(return_chars=True)
    widest = max((line["x1"] for line in lines), default=1.0)
    for line in lines:
        middle = (line["top"] + line["bottom"]) / 2
        if any(box[1] <= middle <= box[3] and box[0] - 2 <= line["x0"] <= box[2] for box, _ in tables):
            continue
        chars = line["chars"]
        bold = sum("bold" in char["fontname"].lower() for char in chars) * 2 > len(chars)
        size = statistics.median(char["size"] for char in chars)
        placed.append((line["top"], _Row(line["text"].strip(), size, bold=bold, right=line["x1"] / widest)))
    return [row for _, row in sorted(placed, key=lambda item: item[0])]


def _table(table: Any) -> str:
    """The rows of a real table; boxes drawn around a text are none."""
    rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
    rows = [row for row in rows if any(row)]
    filled = sum(1 for row in rows for cell in row if cell)
    if len(rows) < 2 or max(map(len, rows)) < 2 or filled * 2 < sum(map(len, rows)):  # noqa: PLR2004
        return ""
    return "\n".join(" | ".join(row) for row in rows)


def _without_running_heads(pages: list[list[_Row]]) -> list[list[_Row]]:
    """*pages* without lines that stand at the edges of more than half of them, and without page numbers."""
    seen: Counter[str] = Counter()
    for rows in pages:
        seen.update({_shape(row.text) for row in (*rows[:_EDGE_LINES], *rows[-_EDGE_LINES:])})
    repeated = {shape for shape, count in seen.items() if count > 1 and count * 2 > len(pages) > 2}  # noqa: PLR2004
    return [
        [
            row
            for place, row in enumerate(rows)
            if row.is_table
            or not (
                _at_edge(place, rows) and (_shape(row.text) in repeated or _PAGE_NUMBER.fullmatch(row.text))
            )
        ]
        for rows in pages
    ]


def _at_edge(place: int, rows: list[_Row]) -> bool:
    return place < _EDGE_LINES or place >= len(rows) - _EDGE_LINES


def _shape(text: str) -> str:
    """*text* without what changes from page to page; a stray letter of the body may have slipped in."""
    words = re.sub(r"\d+", "#", text.lower()).split()
    return " ".join(word for word in words if len(word) > 1 or word == "#")


def _blocks(pages: list[list[_Row]]) -> list[Block]:
    sizes = [row.size for rows in pages for row in rows if not row.is_table and len(row.text) > 20]  # noqa: PLR2004
    usual = statistics.median(sizes) if sizes else 0.0
    blocks: list[Block] = []
    open_row: _Row | None = None  # the last line of a paragraph that may go on
    for number, rows in enumerate(pages, start=1):
        for row in rows:
            if not row.text:
                continue
            level = None if row.is_table else _level(row, usual)
            if open_row and not row.is_table and level is None and _goes_on(open_row, row):
                last = blocks[-1]
                blocks[-1] = Block(text=f"{last.text} {row.text}", page=last.page)
            elif open_row is None and level and blocks and _same_heading(blocks[-1], row, level, number):
                blocks[-1] = Block(text=f"{blocks[-1].text} {row.text}", page=number, heading_level=level)
                continue
            else:
                blocks.append(Block(text=row.text, heading_level=level, page=number, is_table=row.is_table))
            open_row = None if row.is_table or level else row
    return [
        Block(text=text, heading_level=block.heading_level, page=block.page, is_table=block.is_table)
        for block in blocks
        if (text := repair(block.text).strip())
    ]


def _level(row: _Row, usual: float) -> int | None:
    if not usual or len(row.text) > _HEADING_LENGTH or row.text.endswith((".", ",", ";")):
        return None
    if row.size > _HEADING_RATIO * 1.3 * usual:
        return 1
    return 2 if row.size > _HEADING_RATIO * usual else None


def _same_heading(last: Block, row: _Row, level: int, page: int) -> bool:
    return last.heading_level == level and last.page == page and row.text[:1].islower()


def _goes_on(last: _Row, row: _Row) -> bool:
    """Whether *row* continues the paragraph that *last* ends; a short line ends one."""
    if row.bold != last.bold and not row.text[:1].islower():
        return False
    return continues(last.text, row.text, full=last.right >= _FULL)


def _usable_title(value: object) -> str:
    title = repair(str(value)).strip() if value else ""
    named = re.search(
        r"\.(?:docx?|pdf|xlsx?|tmp|indd)$|^(?:microsoft word|untitled|document\d*)", title.lower()
    )
    return "" if named else title
