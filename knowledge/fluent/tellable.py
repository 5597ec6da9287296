"""Which passages a model may tell in its own words. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from knowledge.model import DocumentKind
from knowledge.text.orders import speaks_of_answering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import Passage

# A name that is a telephone or account number: no paper is called so.
_CALLED: Final = re.compile(r"\d(?:[ .-]?\d){7,}")


def tellable(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """
    Those of *passages* that a model may tell: our own guides, and what speaks of no answer, asker or machine.

    What an order wants said stands in its passage, so that no check of claims would find it made up. Quoted,
    people see an order for what it is. Title and heading count: claims may draw on them.
    """
    return tuple(item for item in passages if item.meta.kind is DocumentKind.GUIDE or not _speaks(item))


def _speaks(item: Passage) -> bool:
    named = (item.meta.title, item.heading, item.locator)
    return speaks_of_answering((*named, item.text)) or any(map(_CALLED.search, named))
