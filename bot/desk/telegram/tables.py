"""Statistics in words: the table beneath the picture, and what the picture says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.chart import ChartWords
from bot.desk.statistics import BREAKDOWNS
from bot.telegram.text import escape

if TYPE_CHECKING:
    from bot.desk.statistics import Breakdown, Statistics
    from bot.desk.telegram.wording import Wording

_ROWS = 12  # of one breakdown; the rest is added up


def statistics_table(counted: Statistics, wording: Wording) -> str:
    """All figures, as HTML."""
    lines = [f"<b>{escape(_title(counted, wording))}</b>", escape(_totals(counted, wording))]
    for breakdown in BREAKDOWNS:
        rows = _rows(counted, breakdown, wording)
        if rows:
            lines.append(f"\n<b>{escape(wording.say(f'by_{breakdown}'))}</b>")
            lines += [f"{escape(name)}: <b>{count}</b>" for name, count in rows]
    lines.append(f"\n<i>{escape(wording.say('statistics_foot'))}</i>")
    return "\n".join(lines)


def chart_words(counted: Statistics, wording: Wording) -> ChartWords:
    """What stands in the picture."""
    return ChartWords(
        title=_title(counted, wording),
        subtitle=_totals(counted, wording),
        empty=wording.words.say("empty"),
        parts=tuple(
            (wording.say(f"by_{breakdown}"), _rows(counted, breakdown, wording))
            for breakdown in ("kind", "state", "deadline")
        ),
    )


def _title(counted: Statistics, wording: Wording) -> str:
    day = wording.words.day
    return wording.say("statistics", first=day(counted.first), last=day(counted.last))


def _totals(counted: Statistics, wording: Wording) -> str:
    return wording.say("totals", total=counted.total, urgent=counted.urgent)


def _rows(counted: Statistics, breakdown: Breakdown, wording: Wording) -> tuple[tuple[str, int], ...]:
    named = [(_name(breakdown, code, wording), count) for code, count in counted.by[breakdown].items()]
    if len(named) <= _ROWS:
        return tuple(named)
    rest = sum(count for _, count in named[_ROWS - 1 :])
    return (*named[: _ROWS - 1], (wording.say("others"), rest))


def _name(breakdown: Breakdown, code: str, wording: Wording) -> str:
    words = wording.words
    if breakdown == "kind":
        return words.kind(code)
    if breakdown == "area":
        return words.area(code)
    if breakdown == "unit":
        return words.unit(code)
    if breakdown == "deadline":
        return wording.say(f"deadline_{code}")
    return words.say(f"{breakdown}_{code}")
