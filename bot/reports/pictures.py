"""The pictures of an evaluation's report. Knows matplotlib; tables beside them say the same."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from knowledge.significance import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.risk import Point

_WIDTH_IN: Final = 4.4  # inches; small, so that its letters are large on a phone
_DPI: Final = 200  # 880 dots: sharp on a phone, and on paper
_ROW_IN: Final = 0.3
_EDGE_IN: Final = 0.62  # the axis below and the air above
_NAMES_AT: Final = 0.4  # share of the width that names take
_INK, _SOFT, _PAPER, _GRID = "#1c2733", "#5b6875", "#ffffff", "#dde3e8"
_GOOD: Final = "#1f6f8b"
_LINES: Final = (_GOOD, "#c2571a", "#5a4fa2", "#c99a1e")
_COLOURS: Final[Mapping[str, str]] = {
    "right": _GOOD,
    "unjudged": "#8fb8c6",
    "held_back": "#d9b44a",
    "wrong": "#c2571a",
    "made_up": "#e08a4e",
    "missed": "#8c1d18",
    "alarm": "#b0524c",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve: its name, its points, and the point where the product stands (coverage, risk)."""

    name: str
    points: Sequence[Point]
    stands: tuple[float, float]


def draw_verdicts(rows: Sequence[tuple[str, Mapping[str, int]]], names: Mapping[str, str]) -> bytes:
    """
    A PNG of one bar a row, each split by how its questions ended.

    Args:
        rows: A name, and how many questions by verdict.
        names: What each verdict is called, in the order in which they are drawn.
    """
    height = len(rows) * _ROW_IN * 1.25 + _EDGE_IN + 0.5
    figure, axes = _axes(height, legend_in=0.5)
    for place, (_, counts) in enumerate(rows):
        total, left = sum(counts.values()), 0.0
        for verdict in (name for name in names if counts.get(name)):
            share = counts[verdict] / total
            axes.barh(place, share, left=left, height=0.62, color=_COLOURS[verdict])
            if share > 0.06:  # noqa: PLR2004 - a narrower part has no room for its number
                axes.text(
                    left + share / 2,
                    place,
                    str(counts[verdict]),
                    color=_PAPER,
                    size=9,
                    ha="center",
                    va="center",
                )
            left += share
    used = [name for name in names if any(counts.get(name) for _, counts in rows)]
    patches = [_patch(_COLOURS[name], names[name]) for name in used]
    figure.legend(handles=patches, loc="upper left", ncols=2, frameon=False, fontsize=8, labelcolor=_INK)
    _finish(axes, [name for name, _ in rows])
    return _png(figure)


def draw_shares(rows: Sequence[tuple[str, int, int]], axis: str) -> bytes:
    """A PNG of one dot a row (name, hits, total), its 95 % interval as whiskers."""
    figure, axes = _axes(len(rows) * _ROW_IN + _EDGE_IN)
    for place, (_, hits, total) in enumerate(rows):
        low, high = wilson(hits, total)
        axes.plot((low, high), (place, place), color=_GOOD, linewidth=2, solid_capstyle="butt")
        axes.plot(hits / total, place, "o", color=_GOOD, markersize=6)
    _finish(axes, [f"{name} ({total})" for name, _, total in rows])
    axes.set_xlabel(axis, color=_SOFT, size=8.5)
    return _png(figure)


def draw_curves(lines: Sequence[Line], coverage: str, risk: str, *, width_in: float = _WIDTH_IN) -> bytes:
    """A PNG of risk against coverage, where the product stands marked on every line."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, 3.0), dpi=_DPI, facecolor=_PAPER, layout="constrained")
    axes = figure.add_subplot()
    for line, colour in zip(lines, _LINES, strict=False):
        across, up = [point.coverage for point in line.points], [point.risk for point in line.points]
        axes.step(across, up, where="post", color=colour, linewidth=1.8, label=line.name)
        axes.plot(*line.stands, "o", color=colour, markersize=8)
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(coverage, color=_SOFT, size=9)
    axes.set_ylabel(risk, color=_SOFT, size=9)
    axes.legend(frameon=False, fontsize=9, labelcolor=_INK, loc="upper left")
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_percent)
    _quiet(axes)
    axes.grid(color=_GRID, linewidth=0.8)
    return _png(figure)


def _axes(height: float, legend_in: float = 0.0) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH_IN, height), dpi=_DPI, facecolor=_PAPER)
    bottom = 0.46 / height
    room = (_NAMES_AT, bottom, 0.945 - _NAMES_AT, 1 - bottom - (0.1 + legend_in) / height)
    return figure, figure.add_axes(room)


def _finish(axes: Any, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names, color=_INK, size=9)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 1.005)
    axes.xaxis.set_major_formatter(_percent)
    axes.grid(axis="x", color=_GRID, linewidth=0.8)
    _quiet(axes)


def _quiet(axes: Any) -> None:
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelcolor=_INK, labelsize=8.5)
    for side in axes.spines.values():
        side.set_visible(False)


def _percent(value: float, _: object = None) -> str:
    return f"{value:.0%}".replace("%", " %")


def _patch(colour: str, name: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=colour, label=name)


def _png(figure: Any) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    drawn = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(drawn, metadata={"Software": None})
    return drawn.getvalue()
