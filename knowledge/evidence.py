"""How much of a question stands in a passage: the lexical half of the evidence."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.text.folding import folded_syllables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

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


@lru_cache(maxsize=8_192)
def _passage_words(heading: str, text: str) -> tuple[frozenset[str], str]:
    """As `_folded_words`, of a passage: its heading, then its text, which a section folds as well."""
    in_heading, before = _folded_words(heading)
    in_text, running = _folded_words(text)
    return in_heading | in_text, f"{before.rstrip()}{running}"


def remember_words(passage: Passage, section: tuple[str, ...]) -> None:
    """Cut the words of both now, so that a question can be held against them at once."""
    _passage_words(passage.heading, passage.text)
    _section_words(section)


def _held(wanted: Iterable[str], passage: Passage) -> list[str]:
    """Those of the *wanted* syllables and pairs that stand in the text of *passage*."""
    words, running = _passage_words(passage.heading, passage.text)
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
        # The candidates stand under few headings, in fewer laws.
        self._titles: dict[str, tuple[float, float, float]] = {}
        self._places: dict[str, float] = {}

    def shares(self, passage: Passage, section: tuple[str, ...]) -> Shares:
        """
        How much of the question stands in *passage*, in its heading and in its *section*.

        *section* holds the texts of all passages under its heading, its own among them.
        """
        words, running = _passage_words(passage.heading, passage.text)
        title, place = _heading_parts(passage.heading)
        heading, heading_running = _folded_words(passage.heading)
        in_section, section_running = _section_words(section)
        present = [word for word in self._words if word in in_section or word in heading]
        section_pairs = self._held_pairs(frozenset(present), f"{heading_running}|{section_running}")
        held = sum(self._words[word] for word in present) + _PAIR_WEIGHT * section_pairs
        if title not in self._titles:
            self._titles[title] = self._of_title(title)
        place = place or passage.meta.title
        if place not in self._places:
            self._places[place] = self._asked_of(_telling_words(place))
        heading_asked, heading_pairs, heading_pairs_asked = self._titles[title]
        return Shares(
            pairs=self._held_pairs(self._words.keys() & words, running) / self._all_pairs,
            heading_asked=heading_asked,
            heading_pairs=heading_pairs,
            heading_pairs_asked=heading_pairs_asked,
            place_asked=self._places[place],
            section_held=held / (self._all or 1.0),
            section_pairs=section_pairs / self._all_pairs,
        )

    def _of_title(self, title: str) -> tuple[float, float, float]:
        """What is asked of its words, what it holds of the question's pairs, what is asked of its own."""
        words, running = _folded_words(title)
        pairs = {f"{first}_{second}" for first, second in itertools.pairwise(running.split())}
        asked = sum(weight for first, second, weight in self._pairs if f"{first}_{second}" in pairs)
        return (
            self._asked_of(_telling_words(title)),
            self._held_pairs(self._words.keys() & words, running) / self._all_pairs,
            asked / (sum(map(self._rarity, pairs)) or 1.0),
        )

    def _held_pairs(self, present: Collection[str], running: str) -> float:
        return sum(
            weight
            for first, second, weight in self._pairs
            if first in present and second in present and f" {first} {second} " in running
        )

    def _asked_of(self, held: frozenset[str]) -> float:
        asked = sum(self._words[word] for word in self._words.keys() & held)
        return asked / (sum(map(self._rarity, held)) or 1.0)


@lru_cache(maxsize=8_192)
def _heading_parts(heading: str) -> tuple[str, str]:
    """A heading without its number, and the law in brackets that it is of: "" for none."""
    found = _PLACED.match(heading)
    title, place = (found[1], found[2]) if found else (heading, "")
    return _NUMBERED.sub("", title), place


@lru_cache(maxsize=8_192)
def _telling_words(text: str) -> frozenset[str]:
    """The words of *text* that are no number."""
    return frozenset(word for word in _folded_words(text)[0] if not any(map(str.isdigit, word)))


@lru_cache(maxsize=4_096)
def _section_words(section: tuple[str, ...]) -> tuple[frozenset[str], str]:
    """As `_folded_words`, of texts between which nothing stands side by side."""
    each = [_folded_words(text) for text in section]
    return frozenset[str]().union(*(words for words, _ in each)), "|".join(text for _, text in each)


def concept_coverage(query: Query, asked: frozenset[str], rarity: Callable[[str], float]) -> float:
    """
    The share of the question's concepts that a guide is *asked* about, weighted by rarity.

    Smoothed, so that one vague concept held in common proves little.
    """
    wanted = frozenset(query.terms.concepts)
    shared = sum(map(rarity, wanted & asked))
    return shared / (sum(map(rarity, wanted)) + _CONCEPT_PRIOR)
