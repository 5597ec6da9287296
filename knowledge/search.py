"""
Search: the guides by how people ask, the documents by dense and lexical side fused.

Inside what an audience may see. Returns candidates with the raw figures the evidence gate needs; it
judges nothing itself.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from knowledge.elsewhere import exemplars
from knowledge.evidence import concept_coverage, coverage, pair_coverage
from knowledge.fusion import fuse, weighted
from knowledge.query import Query, read_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from knowledge.library import Library, Shelf
    from knowledge.model import Audience, Passage

_CANDIDATES = 100  # nearest neighbours asked of each collection and index of documents
_VARIANTS = 200  # nearest question variants: some eight belong to one section
_TOP_VARIANTS = 3  # of a section, whose mean steadies its best
_ADDED_WEIGHT = 0.4  # of the law's words beside what was typed, on the lexical side
_GUIDE_SIGNALS = {"section": 1.2, "variant": 0.7, "variants": 0.5, "words": 0.5, "asked": 0.9}
_CONCEPT_WEIGHT = 0.6  # of the share of the question's concepts, beside all signals together
_DENSE_WEIGHT_ENGLISH = 0.7  # our glossary finds the words of some questions, the embedder reads all
_DENSE_WEIGHT_MOST, _DENSE_WEIGHT_FALL = 0.55, 0.25  # docs/decisions/0004: what was measured
_KEPT = 4_000  # passages kept in memory once read
_RERANKED = 30  # sections whose concepts are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """
    A candidate. `score` orders candidates of one search and means nothing beyond it.

    `figures` are what the gate weighs, by name: cosines, BM25 scores, shares. See `knowledge.gate`.
    """

    passage: Passage
    score: float
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What one search gives: the question as read, candidates best first, milliseconds spent.

    `elsewhere` is the group of out-of-scope exemplars nearest to the question by meaning and by words
    alike, "" where the two disagree.
    """

    query: Query
    guides: tuple[Hit, ...]
    documents: tuple[Hit, ...]
    elsewhere: str
    embed_ms: float
    search_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signals:
    """What each way of looking says about each candidate; exemplars stand below zero."""

    section: dict[int, float]
    variant: dict[int, float]
    variants: dict[int, float]
    words: dict[int, float]
    asked: dict[int, float]

    def of_passages(self) -> dict[str, dict[int, float]]:
        """The signals without the exemplars, by name."""
        return {
            name: {number: value for number, value in getattr(self, name).items() if number >= 0}
            for name in _GUIDE_SIGNALS
        }

    def best_exemplar(self, signal: dict[int, float]) -> tuple[int, float]:
        """The exemplar that *signal* puts highest, and its value; (0, 0.0) for none."""
        return max(
            ((n, value) for n, value in signal.items() if n < 0), key=lambda item: item[1], default=(0, 0.0)
        )


class Searcher:
    """Searches a library on behalf of an audience."""

    def __init__(self, library: Library, *, today: Callable[[], date] = date.today) -> None:
        self._library = library
        self._today = today
        self._read: dict[int, Passage] = {}

    def search(self, text: str, audience: Audience, *, limit: int = 10) -> Found:
        """The best *limit* guides and documents for *text* that *audience* may see and that are in force."""
        query = read_query(text, self._library.restorer)
        begun = time.perf_counter()
        vector = self._library.embedder.embed_query(query.dense)
        embedded = time.perf_counter()
        signals = self._guide_signals(query, vector, audience)
        guides = self._guides(query, signals, audience, limit)
        documents = self._documents(query, vector, audience, limit)
        nearest = {signals.best_exemplar(signal)[0] for signal in (signals.variant, signals.asked)}
        done = time.perf_counter()
        return Found(
            query=query,
            guides=guides,
            documents=documents,
            elsewhere=exemplars().name_of(min(nearest)) if len(nearest) == 1 and min(nearest) < 0 else "",
            embed_ms=(embedded - begun) * 1e3,
            search_ms=(done - embedded) * 1e3,
        )

    def _guide_signals(self, query: Query, vector: list[float], audience: Audience) -> _Signals:
        dense = self._library.dense
        sections: list[tuple[int, float]] = []
        variants: list[tuple[int, float]] = []
        words: dict[int, float] = {}
        asked: dict[int, float] = {}
        for seen in audience.visible:
            if not len(self._library.lexical[seen, "guides"]):
                continue
            sections += dense.search(seen, "guides", vector, limit=_VARIANTS)
            variants += dense.search(seen, "questions", vector, limit=_VARIANTS)
            index = self._library.lexical[seen, "guides"]
            words.update(self._words(query, seen, "guides", _VARIANTS))
            asked.update(index.search(query.terms, limit=_VARIANTS, group="asked"))
        best, mean = _by_owner(variants)
        return _Signals(section=dict(sections), variant=best, variants=mean, words=words, asked=asked)

    def _words(self, query: Query, seen: Audience, shelf: Shelf, limit: int) -> dict[int, float]:
        index = self._library.lexical[seen, shelf]
        found = dict(index.search(query.terms, limit=limit))
        for number, score in index.search(query.added, limit=limit):
            found[number] = found.get(number, 0.0) + _ADDED_WEIGHT * score
        return found

    def _guides(self, query: Query, signals: _Signals, audience: Audience, limit: int) -> tuple[Hit, ...]:
        by_name = signals.of_passages()
        fused = weighted(by_name, _GUIDE_SIGNALS)
        passages = {passage.id: passage for passage in self._current(fused, audience, _RERANKED)}
        shared = {number: self._concepts(query, passage) for number, passage in passages.items()}
        scores = {number: fused[number] + _CONCEPT_WEIGHT * shared[number] for number in passages}
        rivals = {
            f"elsewhere_{name}": signals.best_exemplar(getattr(signals, name))[1]
            for name in ("variant", "asked")
        }
        ranked = sorted(scores.values(), reverse=True)
        hits = []
        for number in sorted(scores, key=lambda number: -scores[number])[:limit]:
            best_other = ranked[1] if scores[number] == ranked[0] and len(ranked) > 1 else ranked[0]
            figures = {name: values.get(number, 0.0) for name, values in by_name.items()} | rivals
            figures |= {
                "concepts": shared[number],
                "score": scores[number],
                "margin": scores[number] - best_other,
            }
            hits.append(Hit(passage=passages[number], score=scores[number], figures=figures))
        return tuple(hits)

    def _concepts(self, query: Query, passage: Passage) -> float:
        index = self._library.lexical[passage.meta.audience, "guides"]
        return concept_coverage(query, passage, index.concept_rarity)

    def _documents(
        self, query: Query, vector: list[float], audience: Audience, limit: int
    ) -> tuple[Hit, ...]:
        hits: tuple[Hit, ...] = ()
        for candidates in (_CANDIDATES, _CANDIDATES * 10):
            dense, words = self._document_candidates(query, vector, audience, candidates)
            scores = fuse(dense, words, dense_weight=self._dense_weight(query, words, audience))
            current = self._current(scores, audience, limit)
            hits = tuple(self._document_hit(query, passage, scores, dense, words) for passage in current)
            if hits or not scores:
                break  # expired law fills the nearest only now and then: then look further
        return hits

    def _dense_weight(self, query: Query, words: Mapping[int, float], audience: Audience) -> float:
        """More, the fewer of the question's word pairs stand in the best passage by words."""
        if query.english or not words:
            return _DENSE_WEIGHT_ENGLISH
        best = max(words, key=words.__getitem__)
        passage = next(iter(self._passages([best], audience)), None)
        if passage is None:
            return _DENSE_WEIGHT_MOST
        rarity = self._library.lexical[passage.meta.audience, "documents"].rarity
        return _DENSE_WEIGHT_MOST - _DENSE_WEIGHT_FALL * pair_coverage(query, passage, rarity)

    def _document_candidates(
        self, query: Query, vector: list[float], audience: Audience, limit: int
    ) -> tuple[dict[int, float], dict[int, float]]:
        dense: dict[int, float] = {}
        words: dict[int, float] = {}
        for seen in audience.visible:
            if len(self._library.lexical[seen, "documents"]):
                dense.update(self._library.dense.search(seen, "documents", vector, limit=limit))
                words.update(self._words(query, seen, "documents", limit))
        return dense, words

    def _document_hit(
        self,
        query: Query,
        passage: Passage,
        scores: Mapping[int, float],
        dense: Mapping[int, float],
        words: Mapping[int, float],
    ) -> Hit:
        rarity = self._library.lexical[passage.meta.audience, "documents"].rarity
        figures = {
            "section": dense.get(passage.id, 0.0),
            "words": words.get(passage.id, 0.0),
            "coverage": coverage(query, passage, rarity),
        }
        return Hit(passage=passage, score=scores[passage.id], figures=figures)

    def _current(self, scores: Mapping[int, float], audience: Audience, limit: int) -> list[Passage]:
        """The best *limit* by score; the record is asked each time who may see what and what is in force."""
        order = sorted(scores, key=lambda number: -scores[number])
        kept: list[int] = []
        for start in range(0, len(order), step := limit + limit // 2):
            part = order[start : start + step]
            allowed = self._library.record.visible(part, audience.visible, self._today())
            kept += [number for number in part if number in allowed]
            if len(kept) >= limit:
                break
        return self._passages(kept[:limit], audience)

    def _passages(self, numbers: list[int], audience: Audience) -> list[Passage]:
        missing = [number for number in numbers if number not in self._read]
        if len(self._read) + len(missing) > _KEPT:
            self._read.clear()
            missing = numbers
        # A stored passage never changes and its number is never used again.
        self._read.update(self._library.record.passages(missing, audience.visible) if missing else {})
        return [self._read[number] for number in numbers if number in self._read]


def _by_owner(variants: Sequence[tuple[int, float]]) -> tuple[dict[int, float], dict[int, float]]:
    """The best and the mean of the best three cosines of each section; those not found count as the worst."""
    groups: dict[int, list[float]] = defaultdict(list)
    for number, cosine in variants:
        groups[number].append(cosine)
    floor = min((cosine for _, cosine in variants), default=0.0)
    best = {number: max(cosines) for number, cosines in groups.items()}
    mean = {
        number: sum(sorted(cosines + [floor] * _TOP_VARIANTS, reverse=True)[:_TOP_VARIANTS]) / _TOP_VARIANTS
        for number, cosines in groups.items()
    }
    return best, mean
