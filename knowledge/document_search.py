"""
The documents' half of a search: by meaning and by words at once, fused, the best of them reranked.

Judges nothing: who may see what is asked of the record through `Candidates`, the evidence gate comes later.
"""

from __future__ import annotations

import heapq
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from knowledge.evidence import coverage, pair_coverage, remember_words
from knowledge.fusion import fuse, min_max
from knowledge.model import indexed_text
from knowledge.rerank_light import features_of, light_scores, shipped_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

    from knowledge.candidates import Candidates
    from knowledge.library import Library
    from knowledge.model import Audience, Passage
    from knowledge.query import Query
    from knowledge.rerank import Reranker
    from knowledge.steps import Steps

Begun: TypeAlias = "list[Future[list[tuple[int, float]]]]"
Looked = TypeVar("Looked")

_DENSE_WEIGHT_ENGLISH = 0.7  # our glossary finds the words of some questions, the embedder reads all
_DENSE_WEIGHT_MOST, _DENSE_WEIGHT_FALL = 0.55, 0.25  # docs/decisions/0004: what was measured
_DENSE_WEIGHT_PLAIN = 0.5
_BESIDE = 8  # searches at the same time, by words or by meaning, beside everything else
_RERANKED = 30  # documents that the light reranker compares
_READ_BEFORE = 40  # documents found by words whose passages are read while the question is embedded
_READ_TOGETHER = 20  # of them, those that a cross-encoder reads


@dataclass(frozen=True, slots=True)
class Sides:
    """What both ways of looking found: cosines and BM25 scores by passage."""

    dense: Mapping[int, float]
    words: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document's passage, its score in this search, and its raw figures."""

    passage: Passage
    score: float
    figures: Mapping[str, float]


class DocumentSearch:
    """Searches the documents of a library."""

    def __init__(
        self, library: Library, candidates: Candidates, steps: Steps, reranker: Reranker | None
    ) -> None:
        self._library = library
        self._candidates = candidates
        self._steps = steps
        self._reranker = reranker
        self._beside = ThreadPoolExecutor(_BESIDE, thread_name_prefix="near")

    def begin_words(self, query: Query, audience: Audience, limit: int, until: Event | None = None) -> Begun:
        """
        Look for the words of *query*; it leaves Python's lock, and a second core is there.

        Then, until *until* is set, the best of what was found are read: the embedder works meanwhile.
        """
        begun: Begun = []
        for seen in self._with_documents(audience):
            found: Future[list[tuple[int, float]]] = Future()
            begun.append(found)
            self._beside.submit(self._look, found, query, seen, limit, until)
        return begun

    def _look(
        self,
        found: Future[list[tuple[int, float]]],
        query: Query,
        seen: Audience,
        limit: int,
        until: Event | None,
    ) -> None:
        try:
            hits = self._library.lexical[seen, "documents"].search(
                query.terms, limit=limit, added=query.added
            )
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            found.set_exception(error)
            return
        found.set_result(hits)
        if until is not None and not query.english:
            with suppress(Exception):  # who needs the passages reads them again, and tells
                self._read_before(until, [number for number, _ in hits[:_READ_BEFORE]], seen)

    def _read_before(self, until: Event, numbers: list[int], seen: Audience) -> None:
        if until.is_set():
            return
        passages = self._candidates.passages(numbers, seen)
        sections = self._candidates.sections(passages, seen)
        for passage in passages:
            if until.is_set():
                return
            remember_words(passage, sections[passage.id])

    def begin(self, work: Callable[[], Looked]) -> Future[Looked]:
        """Do *work* beside everything else."""
        return self._beside.submit(work)

    def begin_dense(self, vector: list[float], audience: Audience, limit: int) -> Begun:
        """Look for the neighbours of *vector*."""
        search = self._library.dense.search
        return [
            self._beside.submit(search, seen, "documents", vector, limit=limit)
            for seen in self._with_documents(audience)
        ]

    def _with_documents(self, audience: Audience) -> list[Audience]:
        return [seen for seen in audience.visible if len(self._library.lexical[seen, "documents"])]

    def rank(self, query: Query, sides: Sides, audience: Audience, limit: int) -> list[Ranked]:
        """The best *limit* that *audience* may see and that are in force."""
        dense, words = sides.dense, sides.words
        # Of an English question our glossary knows some words: what share of them stands where, says little.
        if query.english or not self._steps.reranking:
            return self._fused(query, sides, audience, limit)
        # Which ones are compared does not hang on the weight: measured with and without (0022).
        first = fuse(dense, words, dense_weight=_DENSE_WEIGHT_PLAIN)
        current = self._candidates.current(first, audience, max(limit, _RERANKED))
        signals = {"by_words": min_max(words), "by_meaning": min_max(dense)}
        sections = self._candidates.sections(current, audience)
        features = features_of(query, current, sections, signals, self._rarity_of)
        scores = light_scores(features, shipped_weights())
        light = dict(scores)
        current.sort(key=lambda passage: -scores[passage.id])
        if self._reranker is not None:
            scores |= self._read_together(query, current[:_READ_TOGETHER], self._reranker)
            current.sort(key=lambda passage: -scores[passage.id])
        return [
            self._ranked(
                query, passage, scores[passage.id], sides, features[passage.id] | {"light": light[passage.id]}
            )
            for passage in current[:limit]
        ]

    def _fused(self, query: Query, sides: Sides, audience: Audience, limit: int) -> list[Ranked]:
        dense, words = sides.dense, sides.words
        self._candidates.passages([*_best(words, limit), *_best(dense, limit)], audience)  # read at once
        scores = fuse(dense, words, dense_weight=self._dense_weight(query, words, audience))
        current = self._candidates.current(scores, audience, limit)
        return [self._ranked(query, passage, scores[passage.id], sides) for passage in current]

    def _read_together(self, query: Query, passages: list[Passage], reranker: Reranker) -> dict[int, float]:
        """Scores above those of all that the model did not read, which lie below 1."""
        read = reranker.scores(query.dense, [indexed_text(passage) for passage in passages])
        told = dict(zip((passage.id for passage in passages), read, strict=True))
        return {number: 1.0 + score for number, score in min_max(told).items()}

    def _dense_weight(self, query: Query, words: Mapping[int, float], audience: Audience) -> float:
        """More, the fewer of the question's word pairs stand in the best passage by words."""
        if query.english or not words:
            return _DENSE_WEIGHT_ENGLISH
        if not self._steps.weighing:
            return _DENSE_WEIGHT_PLAIN
        best = max(words, key=words.__getitem__)
        passage = next(iter(self._candidates.passages([best], audience)), None)
        if passage is None:
            return _DENSE_WEIGHT_MOST
        rarity = self._rarity_of(passage.meta.audience)
        return _DENSE_WEIGHT_MOST - _DENSE_WEIGHT_FALL * pair_coverage(query, passage, rarity)

    def _rarity_of(self, audience: Audience) -> Callable[[str], float]:
        return self._library.lexical[audience, "documents"].rarity

    def _ranked(
        self,
        query: Query,
        passage: Passage,
        score: float,
        sides: Sides,
        features: Mapping[str, float] | None = None,
    ) -> Ranked:
        figures = dict(features or {}) | {
            # What was found by its words alone lies no nearer than the farthest that was found by meaning.
            "section": sides.dense.get(passage.id, min(sides.dense.values(), default=0.0)),
            "words": sides.words.get(passage.id, 0.0),
            "coverage": coverage(query, passage, self._rarity_of(passage.meta.audience)),
            "score": score,
        }
        return Ranked(passage, score, figures)


def joined(begun: Begun) -> dict[int, float]:
    """What searches found together, once all of them are done."""
    return {number: score for found in begun for number, score in found.result()}


def _best(scores: Mapping[int, float], count: int) -> list[int]:
    return heapq.nlargest(count, scores, key=scores.__getitem__)
