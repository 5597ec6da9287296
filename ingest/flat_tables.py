"""Tables that a saved page left cell by cell, one a line: rows are put together again. Pure."""

from __future__ import annotations

from knowledge.text.folding import fold

_COUNTER_HEADS = frozenset(("stt", "tt", "so tt", "no"))
_MOST_COLUMNS = 12
_CELL_LENGTH = 200


def rebuild_tables(lines: list[str]) -> list[str]:
    """*lines* with every run `STT, head, head, 1, cell, cell, 2, …` as one line a row, `head: cell; …`."""
    built: list[str] = []
    place = 0
    while place < len(lines):
        rows, after = _table_at(lines, place)
        built.extend(rows or [lines[place]])
        place = after if rows else place + 1
    return built


def _table_at(lines: list[str], start: int) -> tuple[list[str], int]:
    if fold(lines[start]).strip(" .") not in _COUNTER_HEADS:
        return [], start
    width = next((n for n in range(2, _MOST_COLUMNS) if lines[start + n : start + n + 1] == ["1"]), 0)
    heads = lines[start + 1 : start + width]
    rows: list[str] = []
    place = start + width
    while width and lines[place : place + 1] == [str(len(rows) + 1)] and place + width <= len(lines):
        cells = lines[place + 1 : place + width]
        if any(len(cell) > _CELL_LENGTH for cell in cells):
            break
        rows.append("; ".join(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True)))
        place += width
    return (rows, place) if len(rows) > 1 else ([], start)
