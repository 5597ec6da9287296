"""How much of a question stands in a passage: the lexical half of the evidence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.lexical import terms_of
from knowledge.model import indexed_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from knowledge.model import Passage
    from knowledge.query import Query

_PAIR_WEIGHT = 0.5  # of a pair beside a syllable of the same rarity


@lru_cache(maxsize=8_192)
def _folded_terms(text: str) -> frozenset[str]:
    terms = terms_of(text)
    return frozenset(terms.folded) | frozenset(terms.pairs)


def _weight(terms: Iterable[str], rarity: Callable[[str], float]) -> float:
    return sum(rarity(term) * (_PAIR_WEIGHT if "_" in term else 1.0) for term in terms)


def coverage(query: Query, passage: Passage, rarity: Callable[[str], float]) -> float:
    """
    The share of the question's syllables and pairs that the passage's text holds, weighted by rarity.

    0 for nothing, 1 for all of it. A word no passage knows weighs the most: it is what was asked.
    """
    wanted = {*query.terms.folded, *query.terms.pairs}
    asked = _weight(wanted, rarity)
    return _weight(wanted & _folded_terms(indexed_text(passage)), rarity) / asked if asked else 0.0

