"""
Who gets a tip, and above all who does not.

`routing_cases.json` holds what this code decides, for the page's own implementation to be checked against.
Made anew by `python -m tests.tips.test_routing`.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tips.errors import BadSetup, NoReceivingUnit
from tips.routing import route, routes_table
from tips.units import Unit, UnitBook, development_units

CASES = Path(__file__).with_name("routing_cases.json")
AREAS = ("00004", "00070", "26743", "05425")
KINDS = ("drugs", "theft", "pollution")


def _tree(draw: random.Random) -> UnitBook:
    """A random tree of units; those that serve one area stand on one branch, as the file's check demands."""
    count = draw.randint(1, 9)
    parents = [""] + [f"u{draw.randrange(child)}" for child in range(1, count)]
    chains: list[list[int]] = []
    for number in range(count):
        parent = parents[number]
        chains.append([number, *(chains[int(parent[1:])] if parent else [])])
    areas: list[tuple[str, ...]] = [() for _ in range(count)]
    for area in AREAS:
        for number in draw.choice(chains):
            if draw.random() < 0.6:
                areas[number] = (*areas[number], area)
    if draw.random() < 0.4:
        areas[0] = ("*",)
    kinds = [("*",) if draw.random() < 0.7 else (draw.choice(KINDS),) for _ in range(count)]
    return UnitBook(
        Unit(id=f"u{number}", name=f"Unit {number}", areas=areas[number], kinds=kinds[number], parent=parent)
        for number, parent in enumerate(parents)
    )


def _question(draw: random.Random, book: UnitBook) -> tuple[str, str, list[str]]:
    concerns = [unit.id for unit in book.units if draw.random() < draw.choice((0.0, 0.2, 0.6))]
    return draw.choice((*AREAS, "")), draw.choice((*KINDS, "other", "")), concerns


books = st.integers(min_value=0, max_value=2**32).map(random.Random)


def _answer(book: UnitBook, area: str, kind: str, concerns: list[str]) -> tuple[str, str]:
    try:
        found = route(book, area, kind, concerns)
    except NoReceivingUnit:
        return "", ""
    return found.holder, found.above


@given(books)
def test_a_concerned_unit_and_what_stands_below_it_gets_nothing(draw: random.Random) -> None:
    """The promise of conflict routing: not as holder and not as the unit above."""
    book = _tree(draw)
    area, kind, concerns = _question(draw, book)
    told = [unit for unit in _answer(book, area, kind, concerns) if unit]
    for unit in told:
        assert not {unit, *book.above(unit)} & set(concerns)


@given(books)
def test_the_holder_is_the_lowest_serving_unit_left_or_the_nearest_above(draw: random.Random) -> None:
    book = _tree(draw)
    area, kind, concerns = _question(draw, book)
    holder, above = _answer(book, area, kind, concerns)
    left = [
        unit.id
        for unit in book.units
        if unit.serves(area, kind) and not {unit.id, *book.above(unit.id)} & set(concerns)
    ]
    if left:
        assert holder in left
        assert not any(holder in book.above(unit) for unit in left), "a lower unit was passed over"
    elif holder:
        lowest = (book.serving(area, kind) or [book.default()])[0].id
        between = [lowest, *book.above(lowest)]
        free = [unit for unit in between if not {unit, *book.above(unit)} & set(concerns)]
        assert holder == free[0]
    else:
        lowest = (book.serving(area, kind) or [book.default()])[0].id
        assert {book.above(lowest)[-1] if book.above(lowest) else lowest} <= set(concerns)
    if holder:
        assert above == next(iter(book.above(holder)), ""), "nobody above a free unit is concerned"


@given(books)
def test_somebody_receives_wherever_nobody_is_concerned(draw: random.Random) -> None:
    book = _tree(draw)
    area, kind, _ = _question(draw, book)
    assert _answer(book, area, kind, [])[0]


@given(books)
def test_the_pages_table_decides_the_same(draw: random.Random) -> None:
    """What the docstring of `routes_table` tells the page to do is what `route` does."""
    book = _tree(draw)
    area, kind, concerns = _question(draw, book)
    table = json.loads(json.dumps(routes_table(book)))
    assert _as_the_page(table, area, kind, concerns) == _answer(book, area, kind, concerns)


def _as_the_page(table, area: str, kind: str, concerns: list[str]) -> tuple[str, str]:
    units = {unit["id"]: unit for unit in table["units"]}

    def free(unit_id: str) -> bool:
        return not any(each in concerns for each in (unit_id, *units[unit_id]["above"]))

    def covers(listed, value: str) -> bool:
        return listed == "*" or (value != "" and value in listed)

    serving = [unit for unit in table["units"] if covers(unit["areas"], area) and covers(unit["kinds"], kind)]
    serving.sort(key=lambda unit: -len(unit["above"]))
    order = [unit["id"] for unit in serving] or [table["default"]]
    holder = next((unit for unit in (*order, *units[order[0]]["above"]) if free(unit)), "")
    above = next((unit for unit in units[holder]["above"] if free(unit)), "") if holder else ""
    return holder, above


def cases() -> list[dict[str, object]]:
    """Forty cases: a third where nobody is concerned, some where nobody is left."""
    draw = random.Random(3)  # noqa: S311  # the same cases each time
    made: list[dict[str, object]] = []
    for _ in range(40):
        book = _tree(draw)
        area, kind, concerns = _question(draw, book)
        holder, above = _answer(book, area, kind, concerns)
        asked = {"area": area, "kind": kind, "concerns": concerns}
        made.append({"table": routes_table(book), **asked, "holder": holder, "above": above})
    return made


def _written() -> str:
    return json.dumps(cases(), ensure_ascii=False, indent=1) + "\n"


def test_the_cases_for_the_page_are_up_to_date_and_of_every_sort() -> None:
    assert CASES.read_text(encoding="utf-8") == _written(), "run: python -m tests.tips.test_routing"
    made = cases()
    assert any(case["holder"] == "" for case in made)
    assert any(case["holder"] and case["concerns"] for case in made)
    assert any(case["holder"] and not case["above"] for case in made)
    assert any(case["area"] == "" for case in made)


def test_a_tip_about_the_unit_itself_goes_above_it() -> None:
    book = UnitBook.parse(development_units())
    found = route(book, "26743", "corruption", ["thu-nghiem"])
    assert (found.holder, found.above) == ("thu-nghiem-cap-tren", "")


def test_a_tip_about_the_top_unit_has_no_receiver() -> None:
    """The units below it would have to act against it: none of them may see it."""
    book = UnitBook.parse(development_units())
    with pytest.raises(NoReceivingUnit):
        route(book, "26743", "corruption", ["thu-nghiem-cap-tren"])


def test_an_unknown_unit_in_concerns_is_refused_and_not_passed_over() -> None:
    book = UnitBook.parse(development_units())
    with pytest.raises(BadSetup):
        route(book, "26743", "corruption", ["thu-nghiem", "khong-co"])


def test_the_pages_table_names_no_officer_and_no_chat() -> None:
    source = development_units().replace('parent = "', 'admin_chats = [-100987]\nparent = "')
    table = json.dumps(routes_table(UnitBook.parse(source)), ensure_ascii=False)
    assert "thu-can-bo" not in table
    assert "100987" not in table


if __name__ == "__main__":
    CASES.write_text(_written(), encoding="utf-8")
