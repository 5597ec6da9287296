"""
Runs a benchmark through the product's own parts: record, Chroma, tantivy, restorer, fusion.

The corpus becomes one document in a library of its own; the hybrid row is what `Searcher` gives, so it
follows whatever the product does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.beir import best_of, figures, mean_figures, percentile
from knowledge.embedding.base import TextEmbedder
from knowledge.model import Audience, DocumentDraft, DocumentMeta, PassageDraft
from knowledge.query import read_query
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.beir import Article, Asked, Benchmark
    from knowledge.library import Library
    from knowledge.query import Query
    from knowledge.search import Found, Searcher

    Progress = Callable[[int, int], None]

SIDES = ("lexical", "dense", "hybrid")
SPELLINGS: dict[str, Callable[[str], str]] = {"accented": str, "folded": fold}
KEY = "benchmark"
_DEPTH = 50  # passages asked of a side; several may belong to one article
_ANSWERS = 10  # passages asked of the product while its time is taken, as answering does
_TIMED = 200  # questions whose times are taken, spread over the set


class RehearsedEmbedder(TextEmbedder):
    """
    Embeds each question of a benchmark once, through the cache of *inner* if it has one.

    For benchmarks alone: what people ask is never kept.
    """

    def __init__(self, inner: TextEmbedder) -> None:
        self.name = inner.name
        self.dimension = inner.dimension
        self._inner = inner
        self._known: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as passages."""
        return self._inner.embed_documents(texts)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as questions."""
        return self._inner.embed_queries(texts)

    def embed_query(self, text: str) -> list[float]:
        """Embed one question, or remember it."""
        if text not in self._known:
            self._known[text] = self._inner.embed_queries([text])[0]
        return self._known[text]


@dataclass(frozen=True, slots=True)
class Trial:
    """A library that holds a corpus, and how to ask it. `article_of` names the article of a passage."""

    library: Library
    searcher: Searcher
    article_of: dict[int, str]
    indexing_s: float

    @classmethod
    def prepare(
        cls,
        benchmark: Benchmark,
        library: Library,
        searcher: Searcher,
        cut: Callable[[str], list[str]],
        on_progress: Progress | None = None,
    ) -> Trial:
        """Publish the corpus of *benchmark* into an empty *library*, each text cut into passages by *cut*."""
        begun = time.perf_counter()
        library.publish(corpus_draft(benchmark.articles, cut), on_progress)
        library.finish()
        spent = time.perf_counter() - begun
        passages = library.record.document_passages(KEY)
        return cls(library, searcher, {item.id: item.articles[0] for item in passages}, spent)

    def rankings(self, question: str) -> dict[str, list[str]]:
        """The articles each side finds for *question*, best first."""
        query = read_query(question, self.library.restorer)
        found = self.searcher.search(question, Audience.PUBLIC, limit=_DEPTH)
        hybrid = [self.article_of[hit.passage.id] for hit in found.documents]
        return {
            "lexical": best_of(dict(self._lexical(query)), self.article_of),
            "dense": best_of(dict(self._dense(query)), self.article_of),
            "hybrid": list(dict.fromkeys(hybrid)),
        }

    def _lexical(self, query: Query) -> list[tuple[int, float]]:
        return self.library.lexical[Audience.PUBLIC, "documents"].search(query.terms, limit=_DEPTH)

    def _dense(self, query: Query) -> list[tuple[int, float]]:
        vector = self.library.embedder.embed_query(query.dense)
        return self.library.dense.search(Audience.PUBLIC, "documents", vector, limit=_DEPTH)

    def _ask(self, question: str) -> Found:
        return self.searcher.search(question, Audience.PUBLIC, limit=_ANSWERS)

    def times(self, questions: Sequence[Asked], embedder: TextEmbedder) -> dict[str, dict[str, float]]:
        """
        Milliseconds a question takes, p50 and p95.

        Args:
            questions: Those to time; at most 200 are taken, evenly.
            embedder: One that remembers nothing, for the row `embed`. The other rows exclude embedding.
        """
        step = max(1, -(-len(questions) // _TIMED))
        spent: dict[str, list[float]] = {"embed": [], **{side: [] for side in SIDES}}
        for question in questions[::step]:
            query = read_query(question.text, self.library.restorer)
            spent["embed"].append(_ms(embedder.embed_query, query.dense))
            self.library.embedder.embed_query(query.dense)  # remembered from here on
            spent["lexical"].append(_ms(self._lexical, query))
            spent["dense"].append(_ms(self._dense, query))
            spent["hybrid"].append(_ms(self._ask, question.text))
        return {
            name: {"p50": percentile(values, 0.5), "p95": percentile(values, 0.95)}
            for name, values in spent.items()
        }


def corpus_draft(articles: Sequence[Article], cut: Callable[[str], list[str]]) -> DocumentDraft:
    """The corpus as one document; an article without text keeps its title as a passage."""
    passages = [
        PassageDraft(anchor=f"{at}-{n}", heading=article.title, text=part, articles=(article.id,))
        for at, article in enumerate(articles)
        for n, part in enumerate(cut(article.text) or [article.title])
    ]
    meta = DocumentMeta(key=KEY, title=KEY)
    return DocumentDraft(meta=meta, passages=tuple(passages), content_hash=KEY)


def run(
    benchmark: Benchmark, trial: Trial, embedder: TextEmbedder, on_progress: Progress | None = None
) -> dict[str, Any]:
    """
    Ask every question of *benchmark*, as it is and folded.

    Args:
        benchmark: What was prepared.
        trial: The corpus in a library.
        embedder: The embedder without memory, for its time.
        on_progress: Called with (questions asked, questions in all).
    """
    each: dict[str, dict[str, list[dict[str, float]]]] = {
        spelling: {side: [] for side in SIDES} for spelling in SPELLINGS
    }
    total = len(benchmark.questions) * len(SPELLINGS)
    for at, (spelling, spell) in enumerate(SPELLINGS.items()):
        for done, question in enumerate(benchmark.questions, at * len(benchmark.questions) + 1):
            for side, ranking in trial.rankings(spell(question.text)).items():
                each[spelling][side].append(figures(ranking, question.gold))
            if on_progress:
                on_progress(done, total)
    return {
        "benchmark": benchmark.name,
        "articles": len(benchmark.articles),
        "passages": len(trial.article_of),
        "questions": len(benchmark.questions),
        "embedder": embedder.name,
        "figures": {
            side: {spelling: mean_figures(each[spelling][side]) for spelling in SPELLINGS} for side in SIDES
        },
        "indexing_s": trial.indexing_s,
        "times_ms": trial.times(benchmark.questions, embedder),
    }


def _ms(work: Callable[[Any], object], given: Any) -> float:
    begun = time.perf_counter()
    work(given)
    return (time.perf_counter() - begun) * 1e3
