"""
Pages set in two columns: where the empty strip between them is, and in which order to read. Pure.

A list of names and numbers side by side has such a strip, too, and must be read across. So columns are
believed only where their lines are broken at a margin: most of them reach the strip, and the text's edge.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Line:
    """One line across the page: its letters' left and right ends, in order."""

    top: float
    bottom: float
    spans: tuple[tuple[float, float], ...]

    def crosses(self, left: float, right: float) -> bool:
        return any(start < right and end > left for start, end in self.spans)


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
    spans = sorted((char["x0"], char["x1"]) for char in line["chars"] if not char["text"].isspace())
    return _Line(line["top"], line["bottom"], tuple(spans))


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
    return _reach(ends, first, left) and _reach(far, right, last)


def _reach(ends: Sequence[float | None], start: float, margin: float) -> bool:
    there = [end for end in ends if end is not None]
    full = sum(end - start >= _FULL * (margin - start) for end in there)
    return len(there) >= _LINES and full >= _FULL_LINES * len(there)


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
