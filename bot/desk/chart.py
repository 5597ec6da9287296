"""Statistics as a picture for a phone. The only module of the desk that knows matplotlib."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.statistics import Statistics

_WIDTH_IN: Final = 5.4  # inches; at 200 dots each as wide as a phone's screen
_DPI: Final = 200
_ROW_IN: Final = 0.34
_HEAD_IN: Final = 0.75
_PART_IN: Final = 0.62  # a heading and the space around it
_NAME_CHARS: Final = 44
_INK, _SOFT, _BAR, _PAPER = "#1c2733", "#5b6875", "#1f6f8b", "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartWords:
    """What stands in the picture: headings, and (name, count) rows beneath each."""

    title: str
    subtitle: str
    empty: str
    parts: Sequence[tuple[str, Sequence[tuple[str, int]]]]


def draw_statistics(counted: Statistics, words: ChartWords) -> bytes:
    """A PNG of horizontal bars, one group beneath the other."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    parts = [(title, rows) for title, rows in words.parts if rows]
    inches = [len(rows) * _ROW_IN + _PART_IN for _, rows in parts] or [_PART_IN]
    height = sum(inches) + _HEAD_IN
    figure = Figure(figsize=(_WIDTH_IN, height), dpi=_DPI, facecolor=_PAPER)
    figure.text(0.04, 1 - 0.3 / height, words.title, color=_INK, size=11, weight="bold", va="center")
    figure.text(0.04, 1 - 0.56 / height, words.subtitle, color=_SOFT, size=8.5, va="center")
    if not counted.total:
        figure.text(0.04, 0.4 * _PART_IN / height, words.empty, color=_SOFT, size=10)
    top = height - _HEAD_IN
    for (title, rows), space in zip(parts, inches, strict=False):
        bottom = top - space
        axes = figure.add_axes((0.04, (bottom + 0.1) / height, 0.92, (space - _PART_IN + 0.1) / height))
        _bars(axes, title, rows)
        top = bottom
    drawn = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(drawn, metadata={"Software": None})
    return drawn.getvalue()


def _bars(axes: Any, title: str, rows: Sequence[tuple[str, int]]) -> None:
    """Names above thin bars would take two lines each: they stand on the left half, the bars on the right."""
    most = max(count for _, count in rows)
    places = range(len(rows))
    axes.barh(places, [count / most * 0.36 for _, count in rows], left=0.56, height=0.56, color=_BAR)
    for place, (name, count) in zip(places, rows, strict=True):
        short = name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…"
        axes.text(0.0, place, short, va="center", size=8, color=_INK)
        axes.text(0.57 + count / most * 0.36, place, f"{count}", va="center", size=8, color=_INK)
    axes.set_title(title, loc="left", size=9.5, color=_INK, weight="bold", pad=4)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_axis_off()
