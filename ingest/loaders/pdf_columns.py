"""
Pages set in two columns: where the empty strip between them is, and in which order to read. Pure.

A list of names and numbers side by side has such a strip, too, and must be read across. So columns are
believed only where their lines are broken at a margin (most of them reach the strip, and the text's edge)
and continue each other. Nor are they columns where the same gaps part both: those are rows of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Box = tuple[float, float, float, float]  # left, top, right, bottom, in points

_LINES = 5  # in each column, at least
_CROSSED = 0.25  # of the lines: headings over both columns
_STRIP = 8.0  # points that it is wide, at least
_WIDEST_STRIP = 0.15  # of the text's width: wider, they are cells
_COLUMN = 0.3  # of the text's width that each column takes, at least
_FULL = 0.8  # of its column's width: the line was broken at the margin
_FULL_LINES = 0.6  # of the lines in a column
_CONTINUED = 0.5  # of the lines after a column's first: they begin with a small letter
_GAP = 0.5  # of a line's height that a gap between rows is wider than one between lines
_SHARED_GAPS = 0.6  # of the wide gaps of a column: they recur in the other, two or more of them


@dataclass(frozen=True, slots=True)
class _Line:
    """One line across the page: its letters, and their left and right ends, in order."""

    top: float
    bottom: float
    spans: tuple[tuple[float, float], ...]
    letters: tuple[str, ...]

    def crosses(self, left: float, right: float) -> bool:
        return any(start < right and end > left for start, end in self.spans)

    def first_letter(self, left: float, right: float) -> str:
        """The first letter that stands between *left* and *right*; empty for none."""
        inside = (start >= left and end <= right for start, end in self.spans)
        return next((letter for letter, is_in in zip(self.letters, inside, strict=True) if is_in), "")


def columns(lines: Sequence[Mapping[str, Any]], page: Box) -> list[Box]:
    """
    The parts of *page* in the order they are read; none where it is to be read across.

    Args:
        lines: As pdfplumber's `extract_text_lines` gives them, with their characters.
        page: Its own box.
    """
    found = [_line(line) for line in lines]
    found = sorted((line for line in found if line.spans), key=lambda line: line.top)
    if len(found) < _LINES:
        return []
    first = min(start for line in found for start, _ in line.spans)
    last = max(end for line in found for _, end in line.spans)
    strip = _strip(found, first, last)
    if strip is None or not _are_columns(found, strip, first, last):
        return []
    return _parts(found, strip, page)


def _line(line: Mapping[str, Any]) -> _Line:
    chars = sorted((char["x0"], char["x1"], char["text"]) for char in line["chars"])
    chars = [char for char in chars if not char[2].isspace()]
    spans = tuple((start, end) for start, end, _ in chars)
    return _Line(line["top"], line["bottom"], spans, tuple(letter for _, _, letter in chars))


def _strip(lines: Sequence[_Line], first: float, last: float) -> tuple[float, float] | None:
    """The widest strip in the middle that hardly any line crosses."""
    width = last - first
    crossed = [0] * (int(last) + 2)
    for line in lines:
        for point in {point for start, end in line.spans for point in range(int(start), int(end) + 1)}:
            crossed[point] += 1
    best = (0, 0)
    begin = None
    for point in range(int(first + _COLUMN * width), int(last - _COLUMN * width) + 1):
        if crossed[point] > _CROSSED * len(lines):
            begin = None
            continue
        begin = point if begin is None else begin
        best = max(best, (begin, point), key=lambda found: found[1] - found[0])
    middle = sum(best) / 2
    spans = [span for line in lines if not line.crosses(middle, middle + 1) for span in line.spans]
    left = max((end for _, end in spans if end <= middle), default=first)
    right = min((start for start, _ in spans if start > middle), default=last)
    return (left, right) if _STRIP <= right - left <= _WIDEST_STRIP * width else None


def _are_columns(lines: Sequence[_Line], strip: tuple[float, float], first: float, last: float) -> bool:
    left, right = strip
    apart = [line for line in lines if not line.crosses(left, right)]
    if len(apart) < (1 - _CROSSED) * len(lines):
        return False
    ends = [max((end for _, end in line.spans if end <= left), default=None) for line in apart]
    far = [max((end for start, end in line.spans if start >= right), default=None) for line in apart]
    sides = ((first, left), (right, last))
    return (
        _reach(ends, first, left)
        and _reach(far, right, last)
        and all(_continue(apart, *side) for side in sides)
        and not _are_cells(*(_gaps(lines, strip, *side) for side in sides))
    )


def _reach(ends: Sequence[float | None], start: float, margin: float) -> bool:
    there = [end for end in ends if end is not None]
    full = sum(end - start >= _FULL * (margin - start) for end in there)
    return len(there) >= _LINES and full >= _FULL_LINES * len(there)


def _continue(apart: Sequence[_Line], left: float, right: float) -> bool:
    begins = [letter for line in apart if (letter := line.first_letter(left, right))][1:]
    return sum(letter.islower() for letter in begins) >= _CONTINUED * len(begins)


def _gaps(
    lines: Sequence[_Line], strip: tuple[float, float], left: float, right: float
) -> list[tuple[float, float]]:
    """Where the lines between *left* and *right* stand wider apart than usual, but not around a heading."""
    side = [line for line in lines if line.first_letter(left, right)]
    found = [
        (above.bottom, below.top)
        for above, below in pairwise(side)
        if not above.crosses(*strip) and not below.crosses(*strip)
    ]
    if not found:
        return []
    usual = sorted(end - start for start, end in found)[len(found) // 4]
    height = median(line.bottom - line.top for line in side)
    return [(start, end) for start, end in found if end - start > usual + _GAP * height]


def _are_cells(near: Sequence[tuple[float, float]], far: Sequence[tuple[float, float]]) -> bool:
    shared = sum(any(_same(one, other) for other in far) for one in near)
    return shared > 1 and shared >= _SHARED_GAPS * max(len(near), len(far))


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    both = min(one[1], other[1]) - max(one[0], other[0])
    return both >= min(one[1] - one[0], other[1] - other[0]) / 2


def _parts(lines: Sequence[_Line], strip: tuple[float, float], page: Box) -> list[Box]:
    """Bands of lines across the page, and between them the left column before the right one."""
    middle = sum(strip) / 2
    parts: list[Box] = []
    top = page[1]
    for place, line in enumerate(lines):
        crosses = line.crosses(*strip)
        after = lines[place + 1] if place + 1 < len(lines) else None
        if after is not None and after.crosses(*strip) is crosses:
            continue
        bottom = page[3] if after is None else (line.bottom + after.top) / 2
        if crosses:
            parts.append((page[0], top, page[2], bottom))
        else:
            parts += [(page[0], top, middle, bottom), (middle, top, page[2], bottom)]
        top = bottom
    return parts
