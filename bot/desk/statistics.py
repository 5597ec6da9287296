"""Counting cards: by kind, place, unit, state, deadline and outcome, for any period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.desk.rights import Relation
from tips.states import State
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.desk.views import CardView

SMALLEST = 5  # a published cell below this could point at somebody
Breakdown = Literal["kind", "area", "unit", "state", "deadline", "outcome"]
BREAKDOWNS: tuple[Breakdown, ...] = ("kind", "area", "unit", "state", "deadline", "outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How many tips of one unit came from `first` to `last`. Codes are counted, "" stands for untold."""

    first: date
    last: date
    total: int
    urgent: int
    by: Mapping[Breakdown, Mapping[str, int]]


def count_cards(cards: Iterable[CardView], *, first: date, last: date, today: date) -> Statistics:
    """
    Count the *cards* of tips received from *first* to *last*, Vietnamese days.

    Args:
        cards: All of one unit; a tip transferred away is counted by where it went and as transferred.
        first: The first day.
        last: The last day, counted too.
        today: By which a term is over.
    """
    counted = [card for card in cards if first <= card.received.astimezone(VIETNAM).date() <= last]
    here = [card for card in counted if card.relation is not Relation.FORMER]
    by: dict[Breakdown, Mapping[str, int]] = {
        "kind": _sorted(card.kind for card in here),
        "area": _sorted(card.area for card in here),
        "unit": _sorted(card.sent_to or card.unit for card in counted),
        "state": _sorted(str(card.state) for card in counted),
        "deadline": _sorted(_deadline(card, today) for card in here),
        "outcome": _sorted(str(card.outcome) for card in here if card.outcome),
    }
    urgent = sum(card.urgent for card in here)
    return Statistics(first=first, last=last, total=len(counted), urgent=urgent, by=by)


def _sorted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _deadline(card: CardView, today: date) -> str:
    if card.state is State.CLOSED:
        return "closed"
    if not card.deadlines:
        return "none"
    if any(deadline.is_late(today) for deadline in card.deadlines):
        return "late"
    return "soon" if card.is_soon else "running"


def published(counts: Mapping[str, int], smallest: int = SMALLEST) -> dict[str, int | None]:
    """
    *counts* fit to be published: None for cells that are too small.

    Where that hides one cell only, the smallest of the others is hidden too: a total would give it away.
    """
    small = {name for name, count in counts.items() if 0 < count < smallest}
    if len(small) == 1:
        others = [name for name, count in counts.items() if name not in small and count]
        small |= {min(others, key=lambda name: (counts[name], name))} if others else set()
    return {name: None if name in small else count for name, count in counts.items()}
