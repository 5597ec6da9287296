"""
XLSX, read from its XML: sheets with their cells as shown, formulas by the values last saved.

Hidden sheets and rows are left out: whoever hid them did not mean to show them. Runs in the worker only.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, NoText
from ingest.loaders.numbers import form_of, told_number
from ingest.loaders.packed import Parts
from ingest.loaders.sheet_table import COLUMNS_LIMIT, ROWS_LIMIT, Sheet, sheet_blocks
from ingest.mending import mend
from ingest.repair import repair
from ingest.repairs import Repair, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def load_xlsx(path: Path) -> Extracted:
    """
    The sheets of the XLSX at *path*, each a heading and its table; every line knows its row.

    Raises:
        BrokenFile, TooLarge, NoText: As said.
    """
    noted: set[Repair] = set()
    with Parts(path, "xlsx") as parts:
        workbook = parts.xml("xl/workbook.xml")
        if workbook is None or not workbook.tag.startswith((S, _STRICT)):
            raise BrokenFile(kind="xlsx")
        if parts.has_macros:
            noted.add(Repair.MACROS_LEFT_OUT)
        sheets = list(_sheets(parts, workbook, noted))
        core = parts.xml("docProps/core.xml")
    filled = [sheet for sheet in sheets if sheet.cells]
    if any(sheet.left_out for sheet in filled):
        noted.add(Repair.ROWS_LEFT_OUT)
    blocks: list[Block] = []
    for sheet in filled:
        blocks.extend(sheet_blocks(sheet, heading=len(filled) > 1))
    blocks = mend(blocks, noted)
    if not blocks:
        raise NoText(pages="1")
    title, author = ("", "") if core is None else (core.findtext(_TITLE) or "", core.findtext(_CREATOR) or "")
    return Extracted(
        blocks=tuple(blocks),
        title=repair(title).strip(),
        author=repair(author).strip(),
        repairs=in_order(noted),
    )


def _sheets(parts: Parts, workbook: Any, noted: set[Repair]) -> Iterator[Sheet]:
    targets = _targets(parts)
    shared = _shared(parts)
    forms = _forms(parts)
    properties = next(_all(workbook, "workbookPr"), None)
    from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    for entry in _all(workbook, "sheet"):
        if entry.get("state", "visible") != "visible":
            noted.add(Repair.HIDDEN_PARTS)
            continue
        root = parts.xml(
            targets.get(
                entry.get(f"{_R}id")
                or entry.get("{http://purl.oclc.org/ooxml/officeDocument/relationships}id"),
                "",
            )
        )
        if root is None:
            continue
        sheet = Sheet(name=" ".join(entry.get("name", "").split()))
        _read_cells(root, sheet, noted, shared=shared, forms=forms, from_1904=from_1904)
        sheet.merged.extend(
            area for merge in _all(root, "mergeCell") if (area := _area(merge.get("ref", "")))
        )
        yield sheet


def _read_cells(  # noqa: PLR0913 - all named
    root: Any, sheet: Sheet, noted: set[Repair], *, shared: list[str], forms: list[str], from_1904: bool
) -> None:
    row_number = 0
    for row in _all(root, "row"):
        row_number = int(row.get("r", row_number + 1))
        if row.get("hidden") in {"1", "true"}:
            noted.add(Repair.HIDDEN_PARTS)
            continue
        if row_number > ROWS_LIMIT:
            sheet.left_out = True
            return
        column = 0
        for cell in row:
            place = _CELL.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            text = _cell(cell, shared, forms, from_1904=from_1904)
            if text and column <= COLUMNS_LIMIT:
                sheet.cells[row_number, column] = text


def _cell(cell: Any, shared: list[str], forms: list[str], *, from_1904: bool) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _words(cell)
    value = next((child.text or "" for child in cell if _local(child) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "b":
        return "✓" if value == "1" else ""
    if kind in {"str", "d"}:
        return " ".join(value.split())
    if kind == "e" or not value:
        return ""
    style = cell.get("s", "0")
    form = forms[int(style)] if style.isdigit() and int(style) < len(forms) else ""
    return told_number(value, form, from_1904=from_1904)


def _targets(parts: Parts) -> dict[str, str]:
    relations = parts.xml("xl/_rels/workbook.xml.rels")
    found: dict[str, str] = {}
    for relation in () if relations is None else relations:
        target = relation.get("Target", "")
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[relation.get("Id", "")] = name
    return found


def _shared(parts: Parts) -> list[str]:
    root = parts.xml("xl/sharedStrings.xml")
    return [] if root is None else [_words(entry) for entry in _all(root, "si")]


def _forms(parts: Parts) -> list[str]:
    """What each cell style makes of numbers, by its place among the styles."""
    root = parts.xml("xl/styles.xml")
    if root is None:
        return []
    codes = {int(entry.get("numFmtId", "0")): entry.get("formatCode", "") for entry in _all(root, "numFmt")}
    styles = next(_all(root, "cellXfs"), None)
    numbers = [] if styles is None else [int(style.get("numFmtId", "0")) for style in styles]
    return [form_of(number, codes.get(number, "")) for number in numbers]


def _words(element: Any) -> str:
    """The text of a string with its runs, without the reading aids of East Asian scripts."""
    parts = [
        text.text or ""
        for text in _all(element, "t")
        if not any(_local(parent) == "rPh" for parent in text.iterancestors())
    ]
    return " ".join("".join(parts).split())


def _all(root: Any, name: str) -> Iterator[Any]:
    return (element for element in root.iter(f"{S}{name}", f"{_STRICT}{name}"))


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _area(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    start, end = _CELL.fullmatch(first), _CELL.fullmatch(last)
    if not start or not end:
        return None
    return int(start[2]), _column(start[1]), int(end[2]), _column(end[1])
