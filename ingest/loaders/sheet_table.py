"""
Rows of a sheet as blocks: lines above the table as paragraphs, then the table with its header in front. Pure.

A header of two rows becomes one (`Vụ việc – Tháng 6`). What a merged cell says holds for all it covers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS_LIMIT = 20_000  # of one sheet
COLUMNS_LIMIT = 200
_MERGED_LIMIT = 2_000  # cells: a larger area is decoration
_TITLE_LENGTH = 200  # characters: a longer first line is no title
_HEADER_LIMIT = 3  # rows of a header, at most


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Cells as text by (row, column), both from 1; merged areas as (first row, first column, last, last)."""

    name: str = ""
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    left_out: bool = False  # rows beyond the limit, or hidden ones


def sheet_blocks(sheet: Sheet, *, heading: bool) -> list[Block]:
    """The blocks of *sheet*; its name becomes a heading if *heading*."""
    rows = _rows(sheet)
    if not rows:
        return []
    blocks = [Block(text=sheet.name, heading_level=2, sheet=sheet.name)] if heading and sheet.name else []
    start = next(
        (n for n, (_, cells) in enumerate(rows) if len(set(filter(None, cells.values()))) > 1), len(rows)
    )
    for number, cells in rows[:start]:
        words = " ".join(dict.fromkeys(filter(None, cells.values())))
        first = number == rows[0][0] and len(words) <= _TITLE_LENGTH and start < len(rows)
        level = (3 if heading else 1) if first else None
        blocks.append(Block(text=words, sheet=sheet.name, rows=(number,), heading_level=level))
    if start == len(rows):
        return blocks
    table = rows[start:]
    depth = _header_depth(table, sheet.merged)
    columns = sorted({column for _, cells in table for column, text in cells.items() if text})
    header = _header(table[:depth], columns)
    lines = [(table[0][0], " | ".join(header))]
    lines += [
        (number, " | ".join(cells.get(column, "") for column in columns)) for number, cells in table[depth:]
    ]
    text = "\n".join(line for _, line in lines)
    blocks.append(
        Block(text=text, is_table=True, sheet=sheet.name, rows=tuple(number for number, _ in lines))
    )
    return blocks


def plain_rows(rows: Sequence[Sequence[str]]) -> Sheet:
    """Rows without a sheet around them, as a CSV file has them."""
    sheet = Sheet()
    for number, row in enumerate(rows, start=1):
        if number > ROWS_LIMIT:
            sheet.left_out = True
            break
        for column, value in enumerate(row[:COLUMNS_LIMIT], start=1):
            if text := " ".join(value.split()):
                sheet.cells[number, column] = text
    return sheet


def _rows(sheet: Sheet) -> list[tuple[int, dict[int, str]]]:
    cells = dict(sheet.cells)
    for top, left, bottom, right in sheet.merged:
        told = cells.get((top, left))
        if told and (bottom - top + 1) * (right - left + 1) <= _MERGED_LIMIT:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    cells.setdefault((row, column), told)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        by_row.setdefault(row, {})[column] = text.replace("|", "/")
    return sorted(by_row.items())


def _header_depth(table: list[tuple[int, dict[int, str]]], merged: list[tuple[int, int, int, int]]) -> int:
    """How many rows the header has: as many as its merged cells span, or one more below wide ones."""
    top = table[0][0]
    depth = max((last - first + 1 for first, _, last, _ in merged if first == top), default=1)
    wide = any(first == top and last == top and right > left for first, left, last, right in merged)
    return min(max(depth, 2 if wide else 1), _HEADER_LIMIT, len(table))


def _header(rows: list[tuple[int, dict[int, str]]], columns: list[int]) -> list[str]:
    return [
        " – ".join(dict.fromkeys(filter(None, (cells.get(column, "") for _, cells in rows))))
        for column in columns
    ]
