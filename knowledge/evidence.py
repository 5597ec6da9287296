"""How much of a question stands in a passage: the lexical half of the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.model import indexed_text
from knowledge.text.folding import folded_syllables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from knowledge.model import Passage
    from knowledge.query import Query

_CONCEPT_PRIOR = 4.0  # weight of a rare concept nobody shares
_PAIR_WEIGHT = 0.5  # of a pair beside a syllable of the same rarity


@lru_cache(maxsize=8_192)
def _folded_words(text: str) -> tuple[frozenset[str], str]:
    """The words of *text* as a set, and one after the other with a space on either side."""
    words = folded_syllables(text)
    return frozenset(words), f" {' '.join(words)} "


def remember_words(passage: Passage) -> None:
    """Cut the words of *passage* now, so that a question can be held against it at once."""
    _folded_words(indexed_text(passage))
    _folded_words(passage.heading)


def _held(wanted: Iterable[str], passage: Passage) -> list[str]:
    """Those of the *wanted* syllables and pairs that stand in the text of *passage*."""
    words, running = _folded_words(indexed_text(passage))
    held = []
    for term in wanted:
        first, _, second = term.partition("_")  # no syllable holds one
        if first in words and (not second or (second in words and f" {first} {second} " in running)):
            held.append(term)
    return held


def _weight(terms: Iterable[str], rarity: Callable[[str], float]) -> float:
    return sum(rarity(term) * (_PAIR_WEIGHT if "_" in term else 1.0) for term in terms)


def coverage(query: Query, passage: Passage, rarity: Callable[[str], float]) -> float:
    """
    The share of the question's syllables and pairs that the passage's text holds, weighted by rarity.

    0 for nothing, 1 for all of it. A word no passage knows weighs the most: it is what was asked.
    """
    wanted = {*query.terms.folded, *query.terms.pairs}
    asked = _weight(wanted, rarity)
    return _weight(_held(wanted, passage), rarity) / asked if asked else 0.0


def pair_coverage(query: Query, passage: Passage, rarity: Callable[[str], float]) -> float:
    """The share of the question's adjacent pairs that the passage's text holds, weighted by rarity."""
    wanted = frozenset(query.terms.pairs)
    asked = sum(map(rarity, wanted))
    return sum(map(rarity, _held(wanted, passage))) / asked if asked else 0.0


@dataclass(frozen=True, slots=True)
class Shares:
    """What of a question a passage holds, and what of the passage's heading is asked; 0…1 each, by rarity."""

    pairs: float
    heading_pairs: float  # of the question's pairs
    heading_asked: float  # of the heading's words


class Asked:
    """A question weighed once, to be held against many passages of one index."""

    def __init__(self, query: Query, rarity: Callable[[str], float]) -> None:
        self._rarity = rarity
        self._words = frozenset(query.terms.folded)
        # Cut once: asked of some forty passages.
        cut = {pair: pair.partition("_") for pair in query.terms.pairs}
        self._pairs = [(first, second, rarity(pair)) for pair, (first, _, second) in cut.items()]
        self._all_pairs = sum(weight for _, _, weight in self._pairs) or 1.0

    def shares(self, passage: Passage) -> Shares:
        """How much of the question stands in *passage* and in its heading."""
        words, running = _folded_words(indexed_text(passage))
        heading, heading_running = _folded_words(passage.heading)
        present, in_heading = self._words & words, self._words & heading
        weights = [(word in in_heading, self._rarity(word)) for word in heading]
        asked = sum(weight for is_asked, weight in weights if is_asked)
        return Shares(
            pairs=self._held_pairs(present, running) / self._all_pairs,
            heading_pairs=self._held_pairs(in_heading, heading_running) / self._all_pairs,
            heading_asked=asked / (sum(weight for _, weight in weights) or 1.0),
        )

    def _held_pairs(self, present: frozenset[str], running: str) -> float:
        return sum(
            weight
            for first, second, weight in self._pairs
            if first in present and second in present and f" {first} {second} " in running
        )


def concept_coverage(query: Query, asked: frozenset[str], rarity: Callable[[str], float]) -> float:
    """
    The share of the question's concepts that a guide is *asked* about, weighted by rarity.

    Smoothed, so that one vague concept held in common proves little.
    """
    wanted = frozenset(query.terms.concepts)
    shared = sum(map(rarity, wanted & asked))
    return shared / (sum(map(rarity, wanted)) + _CONCEPT_PRIOR)
