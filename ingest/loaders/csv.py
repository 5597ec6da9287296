"""CSV and TSV: one table whose rows are known by their number in the file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ingest.blocks import Extracted
from ingest.encodings import decode, undo_mojibake, undo_old
from ingest.errors import BrokenFile, NoText
from ingest.loaders.sheet_table import plain_rows, sheet_blocks
from ingest.mending import mend
from ingest.repairs import Repair, in_order

if TYPE_CHECKING:
    from pathlib import Path

_SEPARATORS = ";,\t|"
_LINES_LOOKED_AT = 30
_FIELD_LIMIT = 100_000  # characters


def load_csv(path: Path) -> Extracted:
    """
    The rows of the file at *path* as one table.

    Raises:
        BrokenFile: Not text, or a field beyond all measure.
        NoText: Nothing in it.
    """
    noted: set[Repair] = set()
    text = undo_old(undo_mojibake(decode(path.read_bytes(), noted), noted), noted).replace("\x00", "")
    separator = _separator(text)
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise BrokenFile(kind="csv") from None
    if rows and rows[0] and rows[0][0].lower().startswith("sep="):
        rows[0] = []
    sheet = plain_rows(rows)
    if sheet.left_out:
        noted.add(Repair.ROWS_LEFT_OUT)
    blocks = mend(sheet_blocks(sheet, heading=False), noted)
    if not blocks:
        raise NoText(pages="1")
    return Extracted(blocks=tuple(blocks), repairs=in_order(noted))


def _separator(text: str) -> str:
    """The separator that most lines have, and have equally often."""
    lines = [line for line in text.splitlines()[:_LINES_LOOKED_AT] if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) > len("sep="):
        return lines[0][4]

    def weight(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_SEPARATORS, key=weight)
