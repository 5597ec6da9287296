"""Everything in a text that can be compared, found once: what is read first holds its ground. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.claims.agencies import agencies, agency_fits
from knowledge.claims.fact import Fact, Taken
from knowledge.claims.moments import clocks, date_fits, dates, same_side
from knowledge.claims.places import articles, chapters, law_fits, law_numbers
from knowledge.claims.quantities import ordinals, phones, quantities, rates, raw_numbers

if TYPE_CHECKING:
    from knowledge.claims.fact import Bound

_READERS = (law_numbers, articles, chapters, phones, dates, clocks, rates, ordinals, quantities)
_SAME_BOUNDS: frozenset[frozenset[Bound]] = frozenset(
    (frozenset(("at_most", "within")), frozenset(("within", "")), frozenset(("",)))
)
_RANGE = 4  # values of a range: low, high, how each is open


@lru_cache(maxsize=2_048)
def facts_in(text: str) -> tuple[Fact, ...]:
    """The facts of plain *text*, in its order."""
    taken, bodies = Taken(), Taken()
    found: list[Fact] = []
    for reader in _READERS:
        found += taken.add(reader(text))
    found += taken.add(raw_numbers(text))
    # An agency may stand in the stretch of another: "công an xã, phường" is read once, with both levels.
    spans: dict[tuple[int, int], list[Fact]] = {}
    for fact in agencies(text):
        spans.setdefault((fact.start, fact.end), []).append(fact)
    for group in spans.values():
        if bodies.add(group[:1]):
            found += group
    return tuple(sorted(found, key=lambda fact: fact.start))


def fits(claimed: Fact, known: Fact) -> bool:
    """Whether *known*, of a passage, says what *claimed* says."""
    if claimed.kind != known.kind:
        return False
    if claimed.kind == "law":
        return law_fits(claimed.value, known.value)
    if claimed.kind == "date":
        return date_fits(claimed.value, known.value)
    if claimed.kind == "agency":
        return agency_fits(claimed.value, known.value)
    if claimed.kind == "article":
        return set(claimed.value) <= set(known.value)
    return _quantity_fits(claimed, known)


def same_bound(claimed: Fact, known: Fact) -> bool:
    """Whether both are bounded alike: `tối đa`, `không quá` and `trong` are; `ít nhất` and `sau` are not."""
    if claimed.kind == "date":
        return same_side(claimed.bound, known.bound)
    if len(claimed.value) == _RANGE or len(known.value) == _RANGE or claimed.clock or known.clock:
        return True  # the ends of a range are compared as values
    if claimed.bound == "after" and not known.bound:
        return True  # "2 năm: tù đến 5 năm" is held clean after them
    pair = frozenset((claimed.bound, known.bound))
    return claimed.bound == known.bound or pair in _SAME_BOUNDS


def _quantity_fits(claimed: Fact, known: Fact) -> bool:
    if claimed.value == known.value:
        return True
    # An end of a range says less of a fine, and something else of an age.
    if claimed.kind == "money" and len(known.value) == _RANGE and len(claimed.value) == 1:
        low, high, low_open, high_open = known.value
        return (
            (claimed.bound == "at_most" and claimed.value[0] == high and not high_open)
            or (claimed.bound == "under" and claimed.value[0] == high and bool(high_open))
            or (claimed.bound == "at_least" and claimed.value[0] == low and not low_open)
        )
    return False
