"""
DOCX, read from its XML: headings by style, numbering as Word counts it, tables by row, notes.

Numbers that Word writes itself ("Điều 1.", "1.", "a)") are not in the text: without counting them a law
loses its articles. Deleted revisions are left out. Runs in the worker only.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

import lxml.etree

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, NoText, TooLarge
from ingest.loaders.docx_numbering import Numbering
from ingest.repair import repair
from ingest.sniff import UNPACKED_LIMIT, check_zip

if TYPE_CHECKING:
    from pathlib import Path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset((f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}pPr", f"{W}rPr"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*(\d)", re.IGNORECASE)
_CORE = "docProps/core.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PART_LIMIT = 60_000_000  # bytes of one XML part


def load_docx(path: Path) -> Extracted:
    """
    The body of the DOCX at *path* as blocks. Pages are known only where Word left its page breaks.

    Raises:
        BrokenFile, TooLarge, NoText: As said.
    """
    names = set(check_zip(path))
    if "word/document.xml" not in names:
        raise BrokenFile(kind="docx")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {name: _part(archive, name) for name in _wanted(names)}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError):
        raise BrokenFile(kind="docx") from None
    body = parts["word/document.xml"].find(f"{W}body")
    if body is None:
        raise BrokenFile(kind="docx")
    reader = _Reader(parts)
    blocks = [block for block in reader.blocks(body) if block.text]
    blocks.extend(reader.notes())
    if not blocks:
        raise NoText(pages="1")
    core = parts.get(_CORE)
    return Extracted(blocks=tuple(blocks), title=_core(core, "title"), author=_core(core, "creator"))


def _wanted(names: set[str]) -> list[str]:
    known = ("document", "styles", "numbering", "footnotes", "endnotes")
    return [name for name in (*(f"word/{part}.xml" for part in known), _CORE) if name in names]


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as file:
        data = file.read(_PART_LIMIT + 1)  # the directory may lie about sizes
    if len(data) > _PART_LIMIT:
        raise TooLarge(what="unpacked", limit=f"{UNPACKED_LIMIT // 1_000_000} MB")
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return lxml.etree.fromstring(data, parser=parser)
    except lxml.etree.XMLSyntaxError:
        raise BrokenFile(kind="docx") from None


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
        """Footnotes and endnotes, after the body."""
        found: list[Block] = []
        for name in ("footnotes", "endnotes"):
            part = self._parts.get(f"word/{name}.xml")
            for note in () if part is None else part:
                if note.get(f"{W}type") is None:
                    found.extend(block for block in self.blocks(note) if block.text)
        return found

    def _paragraph(self, paragraph: Any) -> Block:
        style = self._style(paragraph)
        if self._paged:
            breaks = sum(1 for _ in paragraph.iter(f"{W}lastRenderedPageBreak"))
            self._page += breaks
        text = repair(_text(paragraph)).strip()
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
        for row in table.iter(f"{W}tr"):
            if next((parent for parent in row.iterancestors(f"{W}tbl")), None) is not table:
                continue  # a table inside a cell is read with its cell
            cells = [self._cell(cell) for cell in row.iter(f"{W}tc") if cell.getparent() is row]
            if any(cells):
                rows.append(" | ".join(cells))
        return Block(text="\n".join(rows), is_table=True, page=start if self._paged else None)

    def _cell(self, cell: Any) -> str:
        return " ".join(" ".join(block.text.split()) for block in self.blocks(cell) if block.text)


def _text(element: Any) -> str:
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
            parts.append(f"\n{_text(child)}\n")
        else:
            parts.append(_text(child))
    return "".join(parts)


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
