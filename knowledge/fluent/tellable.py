"""Which passages a model may tell in its own words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.text.orders import gives_orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import Passage


def tellable(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """
    Those of *passages* that give a machine no orders, not in their title or heading either.

    What an order wants said stands in its passage, so that no check of claims would find it made up. Quoted,
    people see an order for what it is.
    """
    return tuple(
        item
        for item in passages
        if not gives_orders((item.meta.title, item.heading, item.locator, item.text))
    )
