"""The search as served ranks as the same parts do one after the other, each asked plainly."""

from __future__ import annotations

import random
import threading
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ingest.guides import load_guides
from knowledge import document_search
from knowledge.errors import KnowledgeUnavailable
from knowledge.evidence import pair_coverage
from knowledge.fusion import fuse
from knowledge.model import Audience, PassageDraft, indexed_text
from knowledge.query import read_query
from knowledge.search import Searcher
from knowledge.steps import ALL
from tests.fakes.drafts import document
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.libraries import open_library
from tests.golden.test_golden import GUIDES, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.library import Library
    from knowledge.model import Passage

TODAY = date(2026, 11, 22)
ASKED = 40  # golden questions, spread over the set
CANDIDATES = 100
RERANKED = 30
SENTENCES = 3
GUIDES_SHELVED = 5
DOCUMENTS, PASSAGES = 4, 150
READ_WORDS, READ_S = 8, 20.0


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Some shipped guides, and documents of their sentences put together anew; some of them expired."""
    guides = load_guides(GUIDES)[:GUIDES_SHELVED]
    pool = [line for draft in guides for item in draft.passages for line in item.text.split(". ") if line]
    draw = random.Random(0)  # noqa: S311 - reproducible, no secret
    with open_library(tmp_path_factory.mktemp("search"), HashingEmbedder()) as opened:
        for draft in guides:
            opened.publish(draft)
        for at in range(DOCUMENTS):
            passages = [
                PassageDraft(anchor=str(n), text=". ".join(draw.choices(pool, k=SENTENCES)))
                for n in range(PASSAGES)
            ]
            expires = date(2020, 1, 1) if at == 0 else None
            opened.publish(document(f"made-up/{at}", *passages, expires=expires))
        opened.finish()
        yield opened


def plainly(library: Library, question: str, limit: int, *, weighed: bool = True) -> list[int]:
    """The best documents by the rules of docs/decisions/0004, without threads, caches or early reading."""
    query = read_query(question, library.restorer)
    vector = library.embedder.embed_query(query.dense)
    public = Audience.PUBLIC
    index = library.lexical[public, "documents"]
    dense = dict(library.dense.search(public, "documents", vector, limit=CANDIDATES))
    words = dict(index.search(query.terms, limit=CANDIDATES, added=query.added))
    weight = 0.7 if query.english or not words or weighed else 0.5
    if words and not query.english and weighed:
        best = max(words, key=words.__getitem__)
        weight = 0.55 - 0.25 * pair_coverage(
            query, library.record.passages([best], [public])[best], index.rarity
        )
    scores = fuse(dense, words, dense_weight=weight)
    allowed = library.record.visible(list(scores), [public], TODAY)
    return sorted(allowed, key=lambda number: (-scores[number], number))[:limit]


def test_documents_rank_as_the_parts_asked_plainly_do(library: Library) -> None:
    searcher = Searcher(library, today=lambda: TODAY, steps=ALL.without("reranking"))
    asked = rows()[:: max(1, len(rows()) // ASKED)]
    for row in asked * 2:  # the second time from memory
        found = searcher.search(row.question, Audience.PUBLIC).documents
        order = sorted(found, key=lambda hit: (-hit.score, hit.passage.id))
        assert [hit.passage.id for hit in order] == plainly(library, row.question, 10), row.question


def test_the_reranker_orders_the_best_of_the_fused(library: Library) -> None:
    """And nothing that fusion put far behind comes up."""
    searcher = Searcher(library, today=lambda: TODAY)
    changed = 0
    for row in rows()[:: max(1, len(rows()) // ASKED)]:
        found = searcher.search(row.question, Audience.PUBLIC).documents
        before = plainly(library, row.question, RERANKED, weighed=False)
        assert {hit.passage.id for hit in found} <= set(before), row.question
        scores = [hit.score for hit in found]
        assert scores == sorted(scores, reverse=True)
        changed += [hit.passage.id for hit in found] != before[: len(found)]
    assert changed


class Backwards:
    """A reranker that likes the passages least alike the question, by length alone."""

    name = "backwards"

    def __init__(self) -> None:
        self.read: list[tuple[str, int]] = []

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read.append((question, len(passages)))
        return [-float(len(passage)) for passage in passages]


def test_a_model_that_reads_both_has_the_last_word_on_what_it_read(library: Library) -> None:
    """It reads the best few and the question as it is embedded; what it did not read stays behind."""
    reranker = Backwards()
    found = Searcher(library, today=lambda: TODAY, reranker=reranker).search(
        "hòa giải ở đâu", Audience.PUBLIC
    )
    lengths = [len(indexed_text(hit.passage)) for hit in found.documents]
    assert lengths == sorted(lengths)
    assert reranker.read == [(found.query.dense, 20)]


def test_sections_rank_by_the_product_of_their_vectors(library: Library) -> None:
    sections = [item for item in library.record.all_passages(Audience.PUBLIC) if item.questions]
    vectors = np.asarray(library.embedder.embed_documents([indexed_text(item) for item in sections]))
    for row in rows()[::20]:
        vector = library.embedder.embed_query(row.question)
        cosines = dict(
            zip((item.id for item in sections), (vectors @ np.asarray(vector)).tolist(), strict=True)
        )
        found = library.dense.search(Audience.PUBLIC, "guides", vector, limit=20)
        assert [cosine for _, cosine in found] == pytest.approx(
            sorted(cosines.values(), reverse=True)[:20], abs=1e-5
        )
        assert [cosine for _, cosine in found] == pytest.approx(
            [cosines[number] for number, _ in found], abs=1e-5
        )


def test_what_is_read_while_the_question_is_embedded_changes_no_answer(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read before the vector is there, or in vain: the same candidates with the same figures."""
    question = next(row.question for row in rows() if len(row.question.split()) > READ_WORDS)
    at_once = Searcher(library, today=lambda: TODAY).search(question, Audience.PUBLIC)
    read, instantly = threading.Event(), library.embedder.embed_query
    remember = document_search.remember_words

    def embed_late(text: str) -> list[float]:
        assert read.wait(READ_S)
        return instantly(text)

    def tell(passage: Passage, section: tuple[str, ...]) -> None:
        read.set()
        remember(passage, section)

    def fail(_passage: Passage, _section: tuple[str, ...]) -> None:
        read.set()
        raise KnowledgeUnavailable(part="database")

    monkeypatch.setattr(library.embedder, "embed_query", embed_late)
    for reader in (tell, fail):
        read.clear()
        monkeypatch.setattr(document_search, "remember_words", reader)
        late = Searcher(library, today=lambda: TODAY).search(question, Audience.PUBLIC)
        assert (late.guides, late.documents, late.elsewhere) == (
            *(at_once.guides, at_once.documents),
            at_once.elsewhere,
        )
