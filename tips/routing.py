"""
Who may read a tip, decided before it is sealed.

A unit that a tip concerns, and every unit below it, gets nothing: no card, no row, no count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tips.errors import BadSetup, NoReceivingUnit
from tips.model import Recipients

if TYPE_CHECKING:
    from collections.abc import Collection

    from tips.units import UnitBook


def route(book: UnitBook, content_area: str, kind: str, concerns: Collection[str]) -> Recipients:
    """
    The unit that works on a tip, and the one above it that sees it later if nobody opens it.

    The holder is the lowest unit serving place and kind that the tip does not concern; if it concerns them
    all, the nearest unit above them that it does not concern. *content_area* and *kind* may be "".

    Raises:
        NoReceivingUnit: Every unit that could be told is concerned.
        BadSetup: *concerns* names a unit that does not exist; guessing could tell the very unit meant.
    """
    if any(unit_id not in book for unit_id in concerns):
        raise BadSetup(part="concerns")
    concerned = book.concerned_closure(concerns)
    serving = [unit.id for unit in book.serving(content_area, kind)] or [book.default().id]
    for holder in (*serving, *book.above(serving[0])):
        if holder not in concerned:
            above = (unit_id for unit_id in book.above(holder) if unit_id not in concerned)
            return Recipients(holder=holder, above=next(above, ""))
    raise NoReceivingUnit


def routes_table(book: UnitBook) -> dict[str, object]:
    """
    What the page needs to do the same as `route`, as JSON; it holds no officer and no chat.

    `{"default": id, "units": [{"id", "name", "areas": "*" or [code], "kinds": "*" or [id], "above": [id]}]}`,
    units in the order of the file, `above` the nearest first. The page computes, for area, kind, concerns:

    1. A unit is concerned if its id or one of its `above` is in concerns. An unknown id in concerns: stop,
       nothing is sent.
    2. It serves if `areas` is "*" or holds area (never ""), and `kinds` is "*" or holds kind (never "").
    3. `serving` = the serving units, longest `above` first; if there are none, the default unit alone.
    4. holder = the first of `serving`, then of `serving[0].above`, that is not concerned; none: nothing sent.
    5. above = the first of holder's `above` that is not concerned, or "".

    tests/tips/routing_cases.json holds cases to check an implementation against.
    """
    return {
        "default": book.default().id,
        "units": [
            {
                "id": unit.id,
                "name": unit.name,
                "areas": _every_or_list(unit.areas),
                "kinds": _every_or_list(unit.kinds),
                "above": book.above(unit.id),
            }
            for unit in book.units
        ],
    }


def _every_or_list(values: tuple[str, ...]) -> str | list[str]:
    return "*" if values == ("*",) else list(values)
