"""Which commune or ward an answer to "where?" means: surely one, one of several, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tips.places import find_places

if TYPE_CHECKING:
    from tips.places import Place
    from tips.units import UnitBook

LIKELY_SCORE = 0.4  # below it a place was hardly heard: "trường học" sounds like a ward
SURE_SCORE = 0.6
SURE_GAP = 0.15  # before the next one


def likely_places(typed: str, book: UnitBook) -> tuple[Place, ...]:
    """The communes and wards that may be meant; those that some unit of *book* serves come first."""
    areas = frozenset(area for unit in book.units for area in unit.areas)
    found = find_places(typed, None if "*" in areas else areas)
    return tuple(place for place in found if place.score >= LIKELY_SCORE)


def sure_place(likely: tuple[Place, ...]) -> Place | None:
    """The one that is surely meant, if it is."""
    if not likely or likely[0].score < SURE_SCORE:
        return None
    others = (place.score for place in likely[1:])
    return likely[0] if likely[0].score - max(others, default=0.0) >= SURE_GAP else None
