"""How much of a question stands in a passage: the lexical half of the evidence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.lexical import terms_of
from knowledge.model import asked_of, indexed_text
from knowledge.query import concepts_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from knowledge.model import Passage
    from knowledge.query import Query

_CONCEPT_PRIOR = 4.0  # weight of a rare concept nobody shares
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


def pair_coverage(query: Query, passage: Passage, rarity: Callable[[str], float]) -> float:
    """The share of the question's adjacent pairs that the passage's text holds, weighted by rarity."""
    wanted = frozenset(query.terms.pairs)
    asked = sum(map(rarity, wanted))
    return sum(map(rarity, wanted & _folded_terms(indexed_text(passage)))) / asked if asked else 0.0


def concept_coverage(query: Query, passage: Passage, rarity: Callable[[str], float]) -> float:
    """
    The share of the question's concepts that the guide's heading and variants hold, weighted by rarity.

    Smoothed, so that one vague concept held in common proves little.
    """
    wanted = frozenset(query.terms.concepts)
    shared = sum(map(rarity, wanted & _concepts_asked(asked_of(passage))))
    return shared / (sum(map(rarity, wanted)) + _CONCEPT_PRIOR)


@lru_cache(maxsize=4_096)
def _concepts_asked(variants: tuple[str, ...]) -> frozenset[str]:
    return frozenset(concept for variant in variants for concept in concepts_in(variant))
