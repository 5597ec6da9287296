"""
DOCX, read from its XML: headings by style, numbering as Word counts it, tables by row, notes.

Numbers that Word writes itself ("Điều 1.", "1.", "a)") are not in the text: without counting them a law
loses its articles. Deleted revisions are left out. Runs in the worker only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, NoText
from ingest.loaders.docx_numbering import Numbering
from ingest.loaders.packed import Parts
from ingest.loaders.scan import read_pictures
from ingest.mending import mend
from ingest.repair import repair
from ingest.repairs import Repair, in_order

if TYPE_CHECKING:
    from pathlib import Path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset((f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}pPr", f"{W}rPr"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTE_MARKS = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_COLUMNS_LIMIT = 60  # that one merged cell covers
_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(\d)", re.IGNORECASE)
_CORE = "docProps/core.xml"
_WANTED = (
    *(f"word/{part}.xml" for part in ("document", "styles", "numbering", "footnotes", "endnotes")),
    _CORE,
)
_DC = "{http://purl.org/dc/elements/1.1/}"


def load_docx(path: Path) -> Extracted:
    """
    The body of the DOCX at *path* as blocks. Pages are known only where Word left its page breaks.

    Raises:
        BrokenFile, TooLarge, NoText: As said.
    """
    noted: set[Repair] = set()
    with Parts(path, "docx") as parts:
        found = {name: part for name in _WANTED if (part := parts.xml(name)) is not None}
        if parts.has_macros:
            noted.add(Repair.MACROS_LEFT_OUT)
        pictures = parts.pictures()
    document = found.get("word/document.xml")
    body = None if document is None else document.find(f"{W}body")
    if body is None:
        raise BrokenFile(kind="docx")
    reader = _Reader(found)
    blocks = mend([*reader.blocks(body), *reader.notes()], noted)
    if not blocks and pictures:
        blocks = mend(read_pictures(pictures, "docx", noted), noted)  # scans pasted page by page
    elif pictures:
        noted.add(Repair.PICTURES_LEFT_OUT)
    if not blocks:
        raise NoText(pages="1")
    core = found.get(_CORE)
    return Extracted(
        blocks=tuple(blocks),
        title=_core(core, "title"),
        author=_core(core, "creator"),
        repairs=in_order(noted),
    )


def _core(core: Any, name: str) -> str:
    return "" if core is None else repair((core.findtext(f"{_DC}{name}") or "").strip())


class _Reader:
    """Walks a body; remembers list counters and the page."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self._parts = parts
        self._numbering = Numbering(parts.get("word/numbering.xml"))
        self._styles = _styles(parts.get("word/styles.xml"))
        self._page = 1
        document = parts["word/document.xml"]
        self._notes = {
            (name, note.get(f"{W}id", "")): number
            for name in ("footnote", "endnote")
            for number, note in enumerate(self._stored_notes(f"{name}s"), start=1)
        }
        self._paged = next(document.iter(f"{W}lastRenderedPageBreak"), None) is not None

    def blocks(self, parent: Any) -> list[Block]:
        """The blocks below *parent*, in order; content controls are walked into."""
        found: list[Block] = []
        for child in parent:
            if child.tag == f"{W}p":
                found.append(self._paragraph(child))
            elif child.tag == f"{W}tbl":
                found.append(self._table(child))
            elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"}:
                found.extend(self.blocks(child))
        return found

    def notes(self) -> list[Block]:
        """Footnotes and endnotes, after the body, each with the number that stands in the text."""
        found: list[Block] = []
        for name in ("footnote", "endnote"):
            for note in self._stored_notes(f"{name}s"):
                words = " ".join(block.text for block in self.blocks(note) if block.text)
                number = self._notes[name, note.get(f"{W}id", "")]
                found.append(Block(text=f"[{number}] {words}" if words else ""))
        return found

    def _stored_notes(self, name: str) -> list[Any]:
        part = self._parts.get(f"word/{name}.xml")
        return [] if part is None else [note for note in part if note.get(f"{W}type") is None]

    def _paragraph(self, paragraph: Any) -> Block:
        style = self._style(paragraph)
        if self._paged:
            breaks = sum(1 for _ in paragraph.iter(f"{W}lastRenderedPageBreak"))
            self._page += breaks
        text = _lines(_text(paragraph, self._notes))
        num_id, level = _num(paragraph) or style[1] or (None, 0)
        label = self._numbering.label(num_id, level) if text and num_id else ""
        if label and not text.startswith(label):
            text = f"{label} {text}"
        return Block(text=text, heading_level=style[0], page=self._page if self._paged else None)

    def _style(self, paragraph: Any) -> tuple[int | None, tuple[str, int] | None]:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, None
        outline = properties.find(f"{W}outlineLvl")
        named = properties.find(f"{W}pStyle")
        level, number = self._styles.get(named.get(f"{W}val") if named is not None else None, (None, None))
        if outline is not None and (value := outline.get(f"{W}val", "9")).isdigit() and int(value) < 6:  # noqa: PLR2004
            level = int(value) + 1
        return level, number

    def _table(self, table: Any) -> Block:
        start = self._page
        rows: list[str] = []
        above: dict[int, str] = {}
        for row in table.iter(f"{W}tr"):
            if next((parent for parent in row.iterancestors(f"{W}tbl")), None) is not table:
                continue  # a table inside a cell is read with its cell
            cells = self._row(row, above)
            if any(cells):
                rows.append(" | ".join(cells))
        return Block(text="\n".join(rows), is_table=True, page=start if self._paged else None)

    def _row(self, row: Any, above: dict[int, str]) -> list[str]:
        """The cells of *row*, one a column: a merged cell holds for all columns and rows it covers."""
        found: list[str] = []
        elements = [cell for cell in row.iter(f"{W}tc") if cell.getparent() is row]
        for cell in elements:
            wide, goes_on = _span(cell)
            text = above.get(len(found), "") if goes_on else self._cell(cell)
            for _ in range(wide if len(elements) > 1 else 1):
                above[len(found)] = text
                found.append(text)
        return found

    def _cell(self, cell: Any) -> str:
        return " ".join(" ".join(block.text.split()) for block in self.blocks(cell) if block.text)


def _lines(text: str) -> str:
    return "\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n")).strip()


def _text(element: Any, notes: dict[tuple[str, str], int]) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIPPED or child.tag == _FALLBACK:
            continue
        if child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag == f"{W}tab":
            parts.append(" ")
        elif child.tag in {f"{W}br", f"{W}cr"}:
            parts.append("\n")
        elif child.tag == f"{W}noBreakHyphen":
            parts.append("-")
        elif child.tag == f"{W}p":  # a text box
            parts.append(f"\n{_text(child, notes)}\n")
        elif child.tag in _NOTE_MARKS and (
            number := notes.get((_NOTE_MARKS[child.tag], child.get(f"{W}id", "")))
        ):
            parts.append(f" [{number}]")
        else:
            parts.append(_text(child, notes))
    return "".join(parts)


def _span(cell: Any) -> tuple[int, bool]:
    """How many columns *cell* covers, and whether it goes on with the one above."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return 1, False
    wide, merged = properties.find(f"{W}gridSpan"), properties.find(f"{W}vMerge")
    columns = "1" if wide is None else wide.get(f"{W}val", "1")
    goes_on = merged is not None and merged.get(f"{W}val", "continue") == "continue"
    return min(int(columns), _COLUMNS_LIMIT) if columns.isdecimal() else 1, goes_on


def _num(element: Any) -> tuple[str, int] | None:
    properties = element.find(f"{W}pPr")
    number = None if properties is None else properties.find(f"{W}numPr")
    if number is None:
        return None
    num_id, level = number.find(f"{W}numId"), number.find(f"{W}ilvl")
    if num_id is None:
        return None
    depth = "0" if level is None else level.get(f"{W}val", "0")
    return num_id.get(f"{W}val", "0"), int(depth) if depth.isdigit() else 0


def _styles(part: Any) -> dict[str | None, tuple[int | None, tuple[str, int] | None]]:
    """Of each paragraph style: its heading level, and the list it belongs to; inherited where not said."""
    found: dict[str | None, tuple[int | None, tuple[str, int] | None]] = {}
    based: dict[str | None, str] = {}
    for style in () if part is None else part.iter(f"{W}style"):
        name, parent = style.find(f"{W}name"), style.find(f"{W}basedOn")
        key = style.get(f"{W}styleId")
        match = _HEADING.match(name.get(f"{W}val", "") if name is not None else "")
        title = name is not None and name.get(f"{W}val", "").lower() == "title"
        found[key] = (int(match[1]) or None if match else 1 if title else None, _num(style))
        if parent is not None:
            based[key] = parent.get(f"{W}val", "")
    for key, (level, number) in list(found.items()):
        parent_level, parent_number = found.get(based.get(key), (None, None))
        found[key] = (level or parent_level, number or parent_number)
    return found
