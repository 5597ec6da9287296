"""
Hybrid search: dense and lexical side by side, fused, inside what an audience may see.

Returns candidates with the raw figures the evidence gate needs; it judges nothing itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from knowledge.evidence import coverage, variant_overlap
from knowledge.query import Query, read_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from knowledge.library import Library
    from knowledge.model import Audience, Passage

_CANDIDATES = 50  # nearest neighbours asked of each collection and index
_ADDED_WEIGHT = 0.4  # of the law's words beside what was typed, on the lexical side
_VARIANT_PENALTY = 0.02  # two questions lie closer than a question and its answer: docs/decisions/0004


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """
    A candidate. `score` orders candidates of one search and means nothing beyond it.

    `passage_similarity` and `variant_similarity` are cosines (0 where not among the nearest),
    `coverage` is the share of the question's words that the passage holds, `overlap` the likeness to
    its closest question variant, both weighted by rarity (see `knowledge.evidence`).
    """

    passage: Passage
    score: float
    passage_similarity: float
    variant_similarity: float
    lexical: float
    coverage: float
    overlap: float

    @property
    def similarity(self) -> float:
        """The better of the two cosines, the variants' put on the passages' scale."""
        return max(self.passage_similarity, self.variant_similarity - _VARIANT_PENALTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one search gives: the question as read, its candidates best first, milliseconds spent."""

    query: Query
    hits: tuple[Hit, ...]
    embed_ms: float
    search_ms: float


@dataclass(slots=True)
class _Candidates:
    passage: dict[int, float] = field(default_factory=dict)
    variant: dict[int, float] = field(default_factory=dict)
    lexical: dict[int, float] = field(default_factory=dict)

    def dense(self) -> dict[int, float]:
        shifted = {number: cosine - _VARIANT_PENALTY for number, cosine in self.variant.items()}
        return {
            number: max(self.passage.get(number, 0.0), shifted.get(number, 0.0))
            for number in self.passage.keys() | shifted.keys()
        }


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """*scores* stretched to 0…1; the only one, or all alike, become 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], *, dense_weight: float) -> dict[int, float]:
    """The two sides stretched and added; what one side did not find counts 0 there."""
    stretched_dense, stretched_lexical = min_max(dense), min_max(lexical)
    return {
        number: dense_weight * stretched_dense.get(number, 0.0)
        + (1 - dense_weight) * stretched_lexical.get(number, 0.0)
        for number in stretched_dense.keys() | stretched_lexical.keys()
    }


class Searcher:
    """Searches a library on behalf of an audience."""

    def __init__(self, library: Library, *, today: Callable[[], date] = date.today) -> None:
        self._library = library
        self._today = today

    def search(self, text: str, audience: Audience, *, limit: int = 10) -> Found:
        """The best *limit* passages for *text* among those *audience* may see and that are in force."""
        query = read_query(text, self._library.restorer)
        begun = time.perf_counter()
        vector = self._library.embedder.embed_query(query.dense)
        embedded = time.perf_counter()
        candidates = self._candidates(query, vector, audience)
        hits = self._rank(query, candidates, audience, limit)
        done = time.perf_counter()
        return Found(
            query=query, hits=hits, embed_ms=(embedded - begun) * 1e3, search_ms=(done - embedded) * 1e3
        )

    def _candidates(self, query: Query, vector: list[float], audience: Audience) -> _Candidates:
        library, found = self._library, _Candidates()
        for seen in audience.visible:
            found.passage.update(library.dense.search(seen, "passages", vector, limit=_CANDIDATES))
            found.variant.update(library.dense.search(seen, "questions", vector, limit=_CANDIDATES))
            if query.english:
                continue
            index = library.lexical[seen]
            found.lexical.update(index.search(query.terms, limit=_CANDIDATES))
            for number, score in index.search(query.added, limit=_CANDIDATES):
                found.lexical[number] = found.lexical.get(number, 0.0) + _ADDED_WEIGHT * score
        return found

    def _rank(self, query: Query, found: _Candidates, audience: Audience, limit: int) -> tuple[Hit, ...]:
        weight = 1.0 if query.english else 0.5
        scores = fuse(found.dense(), found.lexical, dense_weight=weight)
        order = sorted(scores, key=lambda number: -scores[number])[: limit * 3]
        passages = self._library.record.passages(order, audience.visible)
        today = self._today()
        current = [number for number in order if number in passages and _in_force(passages[number], today)]
        return tuple(self._hit(query, passages[number], scores[number], found) for number in current[:limit])

    def _hit(self, query: Query, passage: Passage, score: float, found: _Candidates) -> Hit:
        rarity = self._library.lexical[passage.meta.audience].rarity
        return Hit(
            passage=passage,
            score=score,
            passage_similarity=found.passage.get(passage.id, 0.0),
            variant_similarity=found.variant.get(passage.id, 0.0),
            lexical=found.lexical.get(passage.id, 0.0),
            coverage=coverage(query, passage, rarity),
            overlap=variant_overlap(query, passage, rarity),
        )


def _in_force(passage: Passage, today: date) -> bool:
    meta = passage.meta
    begun = meta.effective is None or meta.effective <= today
    return begun and (meta.expires is None or meta.expires >= today)
