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
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, TypeAlias

from knowledge.candidates import Candidates
from knowledge.document_search import DocumentSearch, Sides, joined
from knowledge.elsewhere import exemplars
from knowledge.evidence import concept_coverage
from knowledge.fusion import weighted
from knowledge.model import Audience
from knowledge.query import Query, read_query
from knowledge.steps import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from knowledge.library import Library
    from knowledge.model import Passage
    from knowledge.rerank import Reranker
    from knowledge.steps import Steps

_ByWords: TypeAlias = "tuple[dict[int, float], dict[int, float]]"  # BM25: sections' words, how people ask

_CANDIDATES = 100  # nearest neighbours asked of each collection and index of documents
_VARIANTS = 200  # nearest question variants: some eight belong to one section
_TOP_VARIANTS = 3  # of a section, whose mean steadies its best
_GUIDE_SIGNALS = {"section": 1.2, "variant": 0.7, "variants": 0.5, "words": 0.5, "asked": 0.9}
_CONCEPT_WEIGHT = 0.6  # of the share of the question's concepts, beside all signals together
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

    def rivals(self) -> dict[str, float]:
        """How near what belongs elsewhere lies; nothing where there are no guides to know it from."""
        if not self.variant:
            return {}
        return {
            f"elsewhere_{name}": self.best_exemplar(getattr(self, name))[1] for name in ("variant", "asked")
        }


class Searcher:
    """Searches a library on behalf of an audience."""

    def __init__(
        self,
        library: Library,
        *,
        today: Callable[[], date] = date.today,
        steps: Steps = ALL,
        reranker: Reranker | None = None,
    ) -> None:
        """
        Search *library*.

        Args:
            library: What is known.
            today: The day whose law is in force.
            steps: What to leave out, to measure what it is worth.
            reranker: A model that reads the best documents beside the question; None for none.
        """
        self._library = library
        self._steps = steps
        self._candidates = Candidates(library.record, today)
        self.today = today
        self._documents = DocumentSearch(library, self._candidates, steps, reranker)

    def search(self, text: str, audience: Audience, *, limit: int = 10) -> Found:
        """The best *limit* guides and documents for *text* that *audience* may see and that are in force."""
        query = read_query(text, self._library.restorer, self._steps)
        find = self._documents
        embedded_yet = Event()
        # What needs no vector is done while one is made: the embedder leaves Python's lock.
        words = find.begin_words(query, audience, _CANDIDATES, until=embedded_yet)
        guide_words = find.begin(partial(self._guide_words, query, audience))
        begun = time.perf_counter()
        try:
            vector = self._library.embedder.embed_query(query.dense)
        finally:
            embedded_yet.set()
        embedded = time.perf_counter()
        near = find.begin_dense(vector, audience, _CANDIDATES)
        signals = self._guide_signals(vector, audience, guide_words.result())
        rivals = signals.rivals()
        guides = self._guides(query, signals, rivals, audience, limit)
        sides = Sides(joined(near), joined(words))
        documents = find.rank(query, sides, audience, limit)
        if (sides.dense or sides.words) and not documents:  # expired law may fill the nearest: look further
            near = find.begin_dense(vector, audience, _CANDIDATES * 10)
            words = find.begin_words(query, audience, _CANDIDATES * 10)
            documents = find.rank(query, Sides(joined(near), joined(words)), audience, limit)
        nearest = {signals.best_exemplar(signal)[0] for signal in (signals.variant, signals.asked)}
        done = time.perf_counter()
        return Found(
            query=query,
            guides=guides,
            documents=tuple(
                Hit(passage=item.passage, score=item.score, figures={**item.figures, **rivals})
                for item in documents
            ),
            elsewhere=exemplars().name_of(min(nearest)) if len(nearest) == 1 and min(nearest) < 0 else "",
            embed_ms=(embedded - begun) * 1e3,
            search_ms=(done - embedded) * 1e3,
        )

    def _with_guides(self, audience: Audience) -> list[Audience]:
        return [seen for seen in audience.visible if len(self._library.lexical[seen, "guides"])]

    def _guide_words(self, query: Query, audience: Audience) -> _ByWords:
        """What the guides' own words, and how people ask for them, say of the question."""
        words: dict[int, float] = {}
        asked: dict[int, float] = {}
        for seen in self._with_guides(audience):
            index = self._library.lexical[seen, "guides"]
            words.update(index.search(query.terms, limit=_VARIANTS, added=query.added))
            asked.update(index.search(query.terms, limit=_VARIANTS, group="asked"))
        return words, asked

    def _guide_signals(self, vector: list[float], audience: Audience, by_words: _ByWords) -> _Signals:
        dense = self._library.dense
        sections: list[tuple[int, float]] = []
        variants: list[tuple[int, float]] = []
        words, asked = by_words
        for seen in self._with_guides(audience):
            sections += dense.search(seen, "guides", vector, limit=_VARIANTS)
            variants += dense.search(seen, "questions", vector, limit=_VARIANTS)
        idle = frozenset[int]() if audience is Audience.PUBLIC else exemplars().public_only
        variants = [(number, cosine) for number, cosine in variants if number not in idle]
        asked = {number: score for number, score in asked.items() if number not in idle}
        best, mean = _by_owner(variants)
        return _Signals(section=dict(sections), variant=best, variants=mean, words=words, asked=asked)

    def _guides(
        self,
        query: Query,
        signals: _Signals,
        rivals: dict[str, float],
        audience: Audience,
        limit: int,
    ) -> tuple[Hit, ...]:
        by_name = signals.of_passages()
        fused = weighted(by_name, _GUIDE_SIGNALS)
        passages = {passage.id: passage for passage in self._candidates.current(fused, audience, _RERANKED)}
        shared = {number: self._concepts(query, passage) for number, passage in passages.items()}
        scores = {number: fused[number] + _CONCEPT_WEIGHT * shared[number] for number in passages}
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
        return concept_coverage(query, index.concepts(passage.id), index.concept_rarity)


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
