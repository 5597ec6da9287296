"""Counting: right, of the own unit only, and hidden where a figure could point at somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.chart import ChartWords, draw_statistics
from bot.desk.statistics import SMALLEST, Statistics, published
from tests.bot.desk.station import AREA_B, TOP, A, B
from tests.fakes.clocks import NOON
from tips.errors import ActionRefused
from tips.states import Outcome

if TYPE_CHECKING:
    from tests.bot.desk.station import Station

DAY = NOON.date()


def _count(station: Station, unit: str = A, first: int = 0, last: int = 0) -> Statistics:
    return station.desk.statistics(
        station.seat(unit, "supervisor"), DAY - timedelta(days=first), DAY + timedelta(days=last)
    )


def test_tips_are_counted_by_what_became_of_them(station: Station) -> None:
    seat = station.seat()
    closed, moved = station.tip("một", kind="theft"), station.tip("hai")
    station.tip("ba", urgent=True)
    station.desk.open(seat, closed)
    station.desk.close(seat, closed, Outcome.GROUNDED)
    station.desk.open(seat, moved)
    station.desk.transfer(seat, moved, B, "đúng địa bàn")
    counted = _count(station)
    assert (counted.total, counted.urgent) == (3, 1)
    assert counted.by["state"] == {"closed": 1, "new": 1, "transferred": 1}
    assert counted.by["kind"] == {"drugs": 1, "theft": 1}
    assert counted.by["unit"] == {A: 2, B: 1}
    assert counted.by["outcome"] == {"grounded": 1}
    assert counted.by["deadline"] == {"closed": 1, "soon": 1}
    for breakdown in ("state", "unit"):
        assert sum(counted.by[breakdown].values()) == counted.total


def test_the_unit_concerned_counts_nothing(station: Station) -> None:
    station.tip(concerns=(A,))
    assert _count(station, A).total == 0
    assert _count(station, TOP).total == 1


def test_another_units_tips_are_not_counted(station: Station) -> None:
    station.tip(area=AREA_B)
    assert _count(station, A).total == 0
    assert _count(station, B).total == 1


def test_only_the_days_asked_for_are_counted(station: Station) -> None:
    station.tip("hôm nay")
    station.clock.move(days=2)
    station.tip("ngày kia")
    assert _count(station).total == 1
    assert _count(station, last=2).total == 2
    assert _count(station, first=5, last=-1).total == 0


def test_a_locked_unit_gives_no_figures(locked: Station) -> None:
    with pytest.raises(ActionRefused) as refused:
        _count(locked)
    assert refused.value.fields["reason"] == "locked"


def test_small_figures_are_hidden_and_cannot_be_worked_out() -> None:
    assert published({"a": 20, "b": 3, "c": 7}) == {"a": 20, "b": None, "c": None}
    assert published({"a": 20, "b": 3, "c": 4}) == {"a": 20, "b": None, "c": None}
    assert published({"a": 20, "b": 5}) == {"a": 20, "b": 5}
    assert published({"a": 3}) == {"a": None}


@given(counts=st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8))
def test_no_small_figure_is_ever_published(counts: dict[str, int]) -> None:
    shown = published(counts)
    assert shown.keys() == counts.keys()
    assert all(count is None or count == 0 or count >= SMALLEST for count in shown.values())
    hidden = [name for name, count in shown.items() if count is None]
    assert len(hidden) != 1 or sum(count > 0 for count in counts.values()) == 1


def test_a_picture_is_drawn_of_nothing_too() -> None:
    words = ChartWords(title="Tin báo", subtitle="Tổng số: 0", empty="Không có tin nào", parts=())
    counted = Statistics(first=DAY, last=DAY, total=0, urgent=0, by={})
    assert draw_statistics(counted, words).startswith(b"\x89PNG")
