"""
OpenDocument (ODT, ODS, ODP), read from its XML: headings, lists, tables, notes; sheets; slides.

Deleted revisions, hidden sheets, rows and slides, and speaker's notes are left out. Runs in the worker only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, NoText
from ingest.loaders.odf_numbering import Numbering, OpenList
from ingest.loaders.packed import Parts
from ingest.loaders.sheet_table import COLUMNS_LIMIT, ROWS_LIMIT, Sheet, sheet_blocks
from ingest.mending import mend
from ingest.repair import repair
from ingest.repairs import Repair, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE = _NS % "office", _NS % "text", _NS % "table"
DRAW, SHOW, STYLE = _NS % "drawing", _NS % "presentation", _NS % "style"
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SKIPPED = frozenset((f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{SHOW}notes", f"{OFFICE}forms"))
_NOTE_BODY = f"{TEXT}note-body"
_NOTE_MARK = f"{TEXT}note-citation"


def load_odf(path: Path, kind: str) -> Extracted:
    """
    The content of the OpenDocument file of *kind* (odt, ods, odp) at *path* as blocks.

    Raises:
        BrokenFile, TooLarge, NoText: As said.
    """
    noted: set[Repair] = set()
    with Parts(path, kind) as parts:
        content = parts.xml("content.xml")
        body = None if content is None else content.find(f"{OFFICE}body")
        if body is None or not len(body):
            raise BrokenFile(kind=kind)
        meta = parts.xml("meta.xml")
        numbering = Numbering((parts.xml("styles.xml") if kind == "odt" else None, content))
        if parts.has_macros:
            noted.add(Repair.MACROS_LEFT_OUT)
        if parts.has_pictures:
            noted.add(Repair.PICTURES_LEFT_OUT)
    hidden = _hidden_styles(content)
    readers: dict[str, Callable[[], list[Block]]] = {
        "odt": lambda: _text_blocks(body[0], numbering),
        "ods": lambda: _sheets_blocks(body[0], hidden, noted),
        "odp": lambda: _slides_blocks(body[0], hidden, noted),
    }
    blocks = mend(readers[kind](), noted)
    if not blocks:
        raise NoText(pages="1")
    title = "" if meta is None else next((entry.text or "" for entry in meta.iter(_DC_TITLE)), "")
    return Extracted(blocks=tuple(blocks), title=repair(title).strip(), repairs=in_order(noted))


@dataclass(slots=True)
class _Told:
    """What goes along while a text is read: the notes it points to, and the numbers of its lists."""

    notes: list[Block] = field(default_factory=list)
    numbering: Numbering = field(default_factory=Numbering)


def _text_blocks(parent: Any, numbering: Numbering) -> list[Block]:
    told = _Told(numbering=numbering)
    blocks = list(_flow(parent, told))
    return [*blocks, *told.notes]


def _flow(parent: Any, told: _Told, mark: str = "", within: OpenList | None = None) -> Iterator[Block]:
    """The blocks below *parent*, an item of the list *within*; the notes they point to go to *told*."""
    for child in parent:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{TEXT}h":
            yield _heading(child, told, mark, within)
            mark = ""
        elif child.tag == f"{TEXT}p":
            words = _words(child, told)
            yield Block(text=f"{mark}{words}" if words else "")
            mark = ""
        elif child.tag == f"{TABLE}table":
            yield _table(child, told)
        elif child.tag == f"{TEXT}list":
            opened = told.numbering.open(child, within)
            for item in child:
                yield from _flow(item, told, _mark(item, told, opened), opened)
        elif child.tag not in {f"{TEXT}sequence-decls", f"{TEXT}variable-decls"}:
            yield from _flow(child, told, mark, within)


def _mark(item: Any, told: _Told, within: OpenList) -> str:
    """What stands before *item*; nothing where it only holds a list of its own."""
    if item.tag == f"{TEXT}list-header" or not any(child.tag in {f"{TEXT}p", f"{TEXT}h"} for child in item):
        return ""
    label = told.numbering.label(within, item)
    return f"{label} " if label else ""


def _heading(element: Any, told: _Told, mark: str, within: OpenList | None) -> Block:
    outline = element.get(f"{TEXT}outline-level", "1")
    level = int(outline) if outline.isdigit() else 1
    number = told.numbering.heading(element, level) if within is None else mark.removeprefix("- ").strip()
    words = _words(element, told)
    return Block(text=f"{number} {words}".strip() if words else "", heading_level=min(6, level))


def _table(table: Any, told: _Told) -> Block:
    rows = []
    for row in table.iter(f"{TABLE}table-row"):
        if next(row.iterancestors(f"{TABLE}table"), None) is not table:
            continue  # a table inside a cell is read with its cell
        cells = [_cell(cell, told) for cell in row if cell.tag == f"{TABLE}table-cell"]
        if any(cells):
            rows.append(" | ".join(cells))
    return Block(text="\n".join(rows), is_table=True)


def _cell(cell: Any, told: _Told) -> str:
    found = (" ".join(block.text.split()) for block in _flow(cell, told))
    return " ".join(filter(None, found)).replace("|", "/")


def _words(element: Any, told: _Told) -> str:
    """The words of a paragraph; a note leaves its number."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}note":
            number = "".join(child.find(_NOTE_MARK).itertext()) if child.find(_NOTE_MARK) is not None else ""
            body = child.find(_NOTE_BODY)
            words = "" if body is None else " ".join(block.text for block in _flow(body, told))
            told.notes.append(Block(text=f"[{number}] {words}"))
            parts.append(f" [{number}]")
        elif child.tag in {f"{TEXT}s", f"{TEXT}tab"}:
            parts.append(" ")
        elif child.tag == f"{TEXT}line-break":
            parts.append("\n")
        elif child.tag not in _SKIPPED:
            parts.append(_words(child, told))
        parts.append(child.tail or "")
    return "".join(parts)


def _hidden_styles(content: Any) -> frozenset[str]:
    """The automatic styles that hide what has them: a sheet's `display`, a slide's `visibility`."""
    hidden = set()
    for style in content.iter(f"{STYLE}style"):
        for properties in style:
            if (
                properties.get(f"{TABLE}display") == "false"
                or properties.get(f"{SHOW}visibility") == "hidden"
            ):
                hidden.add(style.get(f"{STYLE}name", ""))
    return frozenset(hidden)


def _sheets_blocks(body: Any, hidden: frozenset[str], noted: set[Repair]) -> list[Block]:
    sheets = []
    for table in body.iter(f"{TABLE}table"):
        if table.get(f"{TABLE}style-name") in hidden:
            noted.add(Repair.HIDDEN_PARTS)
            continue
        sheet = Sheet(name=" ".join(table.get(f"{TABLE}name", "").split()))
        _read_rows(table, sheet, noted)
        if sheet.left_out:
            noted.add(Repair.ROWS_LEFT_OUT)
        if sheet.cells:
            sheets.append(sheet)
    return [block for sheet in sheets for block in sheet_blocks(sheet, heading=len(sheets) > 1)]


def _read_rows(table: Any, sheet: Sheet, noted: set[Repair]) -> None:
    number = 0
    for row in table.iter(f"{TABLE}table-row"):
        repeated = _count(row, "number-rows-repeated")
        first, number = number + 1, number + repeated
        if row.get(f"{TABLE}visibility") in {"collapse", "filter"}:
            if any(_words(cell, _Told()).strip() for cell in row.iter(f"{TEXT}p")):
                noted.add(Repair.HIDDEN_PARTS)
            continue
        cells = list(_row_cells(row))
        if cells and number > ROWS_LIMIT:
            sheet.left_out = True
            return
        for column, text, wide, high in cells:
            for place in range(first, number + 1):
                sheet.cells[place, column] = text
            if wide > 1 or high > 1:
                sheet.merged.append((first, column, first + high - 1, column + wide - 1))


def _row_cells(row: Any) -> Iterator[tuple[int, str, int, int]]:
    """Column, text, and how many columns and rows each filled cell of *row* covers."""
    column = 0
    for cell in row:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        repeated = _count(cell, "number-columns-repeated")
        text = _cell(cell, _Told())
        for place in range(column + 1, min(column + repeated, COLUMNS_LIMIT) + 1):
            if text:
                yield (
                    place,
                    text,
                    _count(cell, "number-columns-spanned"),
                    _count(cell, "number-rows-spanned"),
                )
        column += repeated


def _count(element: Any, name: str) -> int:
    value = element.get(f"{TABLE}{name}", "1")
    return max(1, int(value)) if value.isdigit() else 1


def _slides_blocks(body: Any, hidden: frozenset[str], noted: set[Repair]) -> list[Block]:
    blocks: list[Block] = []
    for number, page in enumerate(body.iter(f"{DRAW}page"), start=1):
        if page.get(f"{DRAW}style-name") in hidden:
            noted.add(Repair.HIDDEN_PARTS)
            continue
        titles: list[Block] = []
        others: list[Block] = []
        for frame in page:
            if frame.tag in _SKIPPED:
                continue
            found = [block for block in _flow(frame, _Told()) if block.text]
            if frame.get(f"{SHOW}class") == "title":
                words = " ".join(block.text for block in found)
                titles.append(Block(text=words, heading_level=2, slide=number))
            else:
                others.extend(
                    Block(text=block.text, is_table=block.is_table, slide=number) for block in found
                )
        blocks.extend([*titles, *others])
    return blocks
