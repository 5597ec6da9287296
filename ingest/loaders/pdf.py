"""
PDF by pdfplumber, page by page: lines joined into paragraphs, tables by row, running heads dropped.

pdfplumber because the others scramble PDFs that LibreOffice makes with fallback fonts. Pages are closed as
we go, or memory grows with the document. A page that is a picture, or whose font gives its letters no
meaning, is drawn and read by OCR. Runs in the worker only.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, EncryptedFile, GarbledText, NoText, TooLarge, UnreadableScan
from ingest.loaders.page_pictures import PagePictures
from ingest.loaders.pdf_columns import columns
from ingest.mending import mend
from ingest.repair import repair
from ingest.repairs import Repair, in_order
from ingest.wrapping import continues

if TYPE_CHECKING:
    from pathlib import Path

PAGE_LIMIT = 3_000
_SCAN_CHARACTERS = 30  # a page with fewer and a picture is a scan
_DRAWN = 200  # curves and lines on a page without letters: letters made of strokes
_EDGE_LINES = 2  # at the top and at the bottom of a page, where running heads stand
_PAGE_NUMBER = re.compile(
    r"\W*(?P<word>trang|page)?\s*(?P<number>\d{1,4})(?:\s*(?:/|of|trên)\s*(?P<total>\d{1,4}))?\W*",
    re.IGNORECASE,
)
_COUNTED_PAGES = 3  # with numbers that rise with them: those are page numbers, wherever they begin
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
    scanned: bool = False


def load_pdf(path: Path) -> Extracted:
    """
    The text of the PDF at *path* as blocks with their pages.

    Raises:
        EncryptedFile, BrokenFile, TooLarge: As said.
        NoText: Nothing on its pages.
        ToolMissing: It is a scan, and Tesseract is not installed.
        UnreadableScan: It is a scan, and OCR finds no words.
        GarbledText: Its font gives its letters no meaning, and OCR does not help.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    noted: set[Repair] = set()
    try:
        with PagePictures(path) as pictures, pdfplumber.open(path) as document:
            if pictures.count() > PAGE_LIMIT or len(document.pages) > PAGE_LIMIT:
                raise TooLarge(what="pages", limit=str(PAGE_LIMIT))
            pages = _pages(document, pictures, noted)
            info = document.metadata or {}
    except (PdfminerException, PDFPasswordIncorrect) as error:
        causes = (error, *error.args)
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
            raise EncryptedFile(kind="pdf") from None
        raise BrokenFile(kind="pdf") from None
    if not pages:
        raise BrokenFile(kind="pdf")
    if not any(pages):
        raise NoText(pages=str(len(pages)))
    blocks = mend(_blocks(_without_running_heads(pages)), noted)
    return Extracted(blocks=tuple(blocks), title=_usable_title(info.get("Title")), repairs=in_order(noted))


def _pages(document: Any, pictures: PagePictures, noted: set[Repair]) -> list[list[_Row]]:
    """The rows of every page; pictures are read by OCR, unless they are few and it is not there."""
    pages: list[list[_Row]] = []
    scans: list[int] = []
    for number, page in enumerate(document.pages):
        rows = _rows(page)
        letters = sum(len(row.text) for row in rows)
        if letters < _SCAN_CHARACTERS and (page.images or len(page.curves) + len(page.lines) > _DRAWN):
            scans.append(number)
        elif pictures.is_suspect("\n".join(row.text for row in rows)):
            rows = _redrawn(pictures, number, rows, noted)
        pages.append(rows)
        page.close()
    few = len(scans) * 2 <= len(pages) and any(pages)
    if scans and few and not pictures.can_read:
        noted.add(Repair.PAGES_LEFT_OUT)
        return pages
    for number in scans:
        read = _read(pictures, number)
        noted.add(Repair.SCAN_READ if read else Repair.PAGES_LEFT_OUT)
        pages[number] = read or pages[number]
    if scans and not any(row.scanned for rows in pages for row in rows) and not few:
        raise UnreadableScan(pages=str(len(scans)))
    return pages


def _redrawn(pictures: PagePictures, number: int, rows: list[_Row], noted: set[Repair]) -> list[_Row]:
    """The page read from its picture, if that reads better than *rows*."""
    text = "\n".join(row.text for row in rows)
    if not pictures.can_read:
        if pictures.is_lost(text):
            raise GarbledText
        return rows
    read = _read(pictures, number)
    if pictures.is_better("\n".join(row.text for row in read), text):
        noted.add(Repair.BROKEN_FONT)
        return read
    if pictures.is_lost(text):
        raise GarbledText
    return rows


def _read(pictures: PagePictures, number: int) -> list[_Row]:
    return [
        _Row(line.text, 0.0, bold=False, right=line.right, scanned=True) for line in pictures.read(number)
    ]


def _rows(page: Any) -> list[_Row]:
    tables = [(table.bbox, _table(table)) for table in page.find_tables()]
    tables = [(box, text) for box, text in tables if text]
    placed: list[tuple[float, _Row]] = [
        (box[1], _Row(text, 0.0, bold=False, right=1.0, is_table=True)) for box, text in tables
    ]
    lines = page.extract_text_lines(return_chars=True)
    if not tables and (parts := _in_columns(page, lines)):
        return [row for part in parts for row in _part(part)]
    widest = max((line["x1"] for line in lines), default=1.0)
    for line in lines:
        middle = (line["top"] + line["bottom"]) / 2
        if any(box[1] <= middle <= box[3] and box[0] - 2 <= line["x0"] <= box[2] for box, _ in tables):
            continue
        placed.append((line["top"], _row(line, line["x1"] / widest)))
    return [row for _, row in sorted(placed, key=lambda item: item[0])]


def _in_columns(page: Any, lines: Any) -> list[Any]:
    """The parts of *page* in the order they are read; none where it has no columns, or letters between."""
    parts = [page.within_bbox(box) for box in columns(lines, page.bbox)]
    return parts if sum(len(_letters(part)) for part in parts) == len(_letters(page)) else []


def _letters(page: Any) -> list[Any]:
    return [char for char in page.chars if not char["text"].isspace()]


def _part(part: Any) -> list[_Row]:
    """The rows of a column, or of lines over both."""
    lines = part.extract_text_lines(return_chars=True)
    start = min((line["x0"] for line in lines), default=0.0)
    width = max((line["x1"] for line in lines), default=1.0) - start
    return [_row(line, (line["x1"] - start) / width) for line in lines]


def _row(line: Any, right: float) -> _Row:
    chars = line["chars"]
    bold = sum("bold" in char["fontname"].lower() for char in chars) * 2 > len(chars)
    size = statistics.median(char["size"] for char in chars)
    return _Row(line["text"].strip(), size, bold=bold, right=right)


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
    shifts: Counter[int] = Counter()  # how far the numbers at the edges are ahead of their pages
    for number, rows in enumerate(pages, start=1):
        edge = [row.text for row in (*rows[:_EDGE_LINES], *rows[-_EDGE_LINES:])]
        seen.update({shape for text in edge if (shape := _shape(text)) != "#"})
        shifts.update({int(found["number"]) - number for text in edge if (found := _numbered(text))})
    repeated = {shape for shape, count in seen.items() if count > 1 and count * 2 > len(pages) > 2}  # noqa: PLR2004
    counted = {shift for shift, count in shifts.items() if count >= _COUNTED_PAGES}
    if len(pages) > 1:
        counted.add(0)

    def is_frame(number: int, text: str) -> bool:
        if _shape(text) in repeated:
            return True
        found = _numbered(text)
        # A number alone may be the one to call: 114.
        return found is not None and (
            bool(found["word"])
            or found["total"] == str(len(pages))
            or int(found["number"]) - number in counted
        )

    return [
        [
            row
            for place, row in enumerate(rows)
            if row.is_table or not (_at_edge(place, rows) and is_frame(number, row.text))
        ]
        for number, rows in enumerate(pages, start=1)
    ]


def _numbered(text: str) -> re.Match[str] | None:
    return _PAGE_NUMBER.fullmatch(text)


def _at_edge(place: int, rows: list[_Row]) -> bool:
    return place < _EDGE_LINES or place >= len(rows) - _EDGE_LINES


def _shape(text: str) -> str:
    """*text* without what changes from page to page; a stray letter of the body may have slipped in."""
    words = re.sub(r"\d+", "#", text.lower()).split()
    return " ".join(word for word in words if len(word) > 1 or word == "#")


def _blocks(pages: list[list[_Row]]) -> list[Block]:
    sizes = [row.size for rows in pages for row in rows if row.size and len(row.text) > 20]  # noqa: PLR2004
    usual = statistics.median(sizes) if sizes else 0.0
    blocks: list[Block] = []
    open_row: _Row | None = None  # the last line of a paragraph that may go on
    for number, rows in enumerate(pages, start=1):
        for row in rows:
            if not row.text:
                continue
            level = None if row.is_table else _level(row, usual)
            if open_row and not row.is_table and level is None and _goes_on(open_row, row):
                blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text} {row.text}")
            elif open_row is None and level and blocks and _same_heading(blocks[-1], row, level, number):
                blocks[-1] = replace(blocks[-1], text=f"{blocks[-1].text} {row.text}")
                continue
            else:
                blocks.append(_block(row, level, number))
            open_row = None if row.is_table or level else row
    return blocks


def _block(row: _Row, level: int | None, page: int) -> Block:
    return Block(text=row.text, heading_level=level, page=page, is_table=row.is_table, scanned=row.scanned)


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
