"""How much of a question stands in a passage: the lexical half of the evidence."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.model import indexed_text
from knowledge.text.folding import folded_syllables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from knowledge.model import Passage
    from knowledge.query import Query

# "Điều 34. Cấp giấy chứng nhận (38/2019/QH14 Luật Quản lý thuế)", the law perhaps with brackets of its own.
_PLACED = re.compile(r"(.*?)\s*\(((?:[^()]|\([^()]*\))*)\)\s*$", re.DOTALL)
_NUMBERED = re.compile(r"^Điều \S+\s*")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What of a question a passage and its section hold, and what of its heading is asked; 0…1, by rarity."""

    pairs: float  # of the question's pairs, in the passage
    heading_asked: float  # of the heading's words, without the place
    heading_pairs: float  # of the question's pairs, in the heading
    heading_pairs_asked: float  # of the heading's pairs
    place_asked: float  # of the words of the law that the heading names
    section_held: float  # of the question's words and pairs
    section_pairs: float  # of the question's pairs


class Asked:
    """A question weighed once, to be held against many passages of one index."""

    def __init__(self, query: Query, rarity: Callable[[str], float]) -> None:
        self._rarity = rarity
        self._words = {word: rarity(word) for word in query.terms.folded}
        # Cut once: asked of some forty passages.
        cut = {pair: pair.partition("_") for pair in query.terms.pairs}
        self._pairs = [(first, second, rarity(pair)) for pair, (first, _, second) in cut.items()]
        self._all_pairs = sum(weight for _, _, weight in self._pairs) or 1.0
        self._all = sum(self._words.values()) + _PAIR_WEIGHT * sum(weight for _, _, weight in self._pairs)

    def shares(self, passage: Passage, section: Sequence[str]) -> Shares:
        """
        How much of the question stands in *passage*, in its heading and in its *section*.

        *section* holds the texts of all passages under its heading, its own among them.
        """
        words, running = _folded_words(indexed_text(passage))
        title, place = _heading_parts(passage.heading)
        heading, heading_running = _folded_words(title)
        whole = [_folded_words(text) for text in (passage.heading, *section)]
        in_section = self._words.keys() & frozenset[str]().union(*(known for known, _ in whole))
        section_running = "|".join(text for _, text in whole)
        section_pairs = self._held_pairs(in_section, section_running)
        held = sum(self._words[word] for word in in_section) + _PAIR_WEIGHT * section_pairs
        return Shares(
            pairs=self._held_pairs(self._words.keys() & words, running) / self._all_pairs,
            heading_asked=self._asked_of(heading),
            heading_pairs=self._held_pairs(self._words.keys() & heading, heading_running) / self._all_pairs,
            heading_pairs_asked=self._pairs_asked_of(heading_running),
            place_asked=self._asked_of(_folded_words(place or passage.meta.title)[0]),
            section_held=held / (self._all or 1.0),
            section_pairs=section_pairs / self._all_pairs,
        )

    def _held_pairs(self, present: Collection[str], running: str) -> float:
        return sum(
            weight
            for first, second, weight in self._pairs
            if first in present and second in present and f" {first} {second} " in running
        )

    def _asked_of(self, held: frozenset[str]) -> float:
        weights = [(word in self._words, self._rarity(word)) for word in held if not _is_figure(word)]
        asked = sum(weight for is_asked, weight in weights if is_asked)
        return asked / (sum(weight for _, weight in weights) or 1.0)

    def _pairs_asked_of(self, running: str) -> float:
        words = running.split()
        pairs = {f"{first}_{second}" for first, second in itertools.pairwise(words)}
        known = {f"{first}_{second}": weight for first, second, weight in self._pairs}
        weights = {pair: known.get(pair) or self._rarity(pair) for pair in pairs}
        return sum(weights[pair] for pair in pairs & known.keys()) / (sum(weights.values()) or 1.0)


def _heading_parts(heading: str) -> tuple[str, str]:
    """A heading without its number, and the law in brackets that it is of: "" for none."""
    found = _PLACED.match(heading)
    title, place = (found[1], found[2]) if found else (heading, "")
    return _NUMBERED.sub("", title), place


def _is_figure(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def concept_coverage(query: Query, asked: frozenset[str], rarity: Callable[[str], float]) -> float:
    """
    The share of the question's concepts that a guide is *asked* about, weighted by rarity.

    Smoothed, so that one vague concept held in common proves little.
    """
    wanted = frozenset(query.terms.concepts)
    shared = sum(map(rarity, wanted & asked))
    return shared / (sum(map(rarity, wanted)) + _CONCEPT_PRIOR)
