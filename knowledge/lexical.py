"""
Lexical search: one tantivy index per audience over exact syllables, folded syllables and their pairs.

The text reaches tantivy already cut into terms (see `terms_of`), so folding is ours and the same for
passages and questions. Rebuilt from the record at any time.
"""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import tantivy

from knowledge.text.folding import fold, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_WRITER_HEAP = 64_000_000  # bytes; tantivy asks for at least 15 MB
_TERMS_IN_QUERY = 64  # a rambling message: its first terms decide, and search stays fast
_RARITIES = 50_000  # term weights kept in memory between two writes
_BOOST = {"exact": 0.35, "folded": 1.0, "pairs": 1.0}


@dataclass(frozen=True, slots=True)
class Terms:
    """A text as the index knows it: syllables with marks, without marks, and adjacent pairs without."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    pairs: tuple[str, ...]


def terms_of(text: str) -> Terms:
    """Cut *text* into the terms of the three fields."""
    exact = syllables(text)
    folded = [fold(syllable) for syllable in exact]
    return Terms(tuple(exact), tuple(folded), tuple(f"{a}_{b}" for a, b in pairwise(folded)))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=True, indexed=True, fast=True)
    for name in _BOOST:
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """BM25 over one folder. One writer at a time: the owner of the data folder's lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self._rarity: dict[str, float] = {}

    def clear(self) -> None:
        """Forget everything, before a rebuild."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()

    def add(self, passages: Iterable[tuple[int, str]]) -> None:
        """Index (id, text) pairs, replacing those of the same id; visible to search on return."""
        writer = self._index.writer(heap_size=_WRITER_HEAP, num_threads=1)
        for passage_id, text in passages:
            terms = terms_of(text)
            writer.delete_documents("passage", passage_id)
            document = tantivy.Document()
            document.add_integer("passage", passage_id)
            for name in _BOOST:
                document.add_text(name, " ".join(getattr(terms, name)))
            writer.add_document(document)
        self._commit(writer)

    def remove(self, passage_ids: Iterable[int]) -> None:
        """Drop passages by id; an unknown id is no error."""
        writer = self._index.writer(heap_size=_WRITER_HEAP, num_threads=1)
        for passage_id in passage_ids:
            writer.delete_documents("passage", passage_id)
        self._commit(writer)

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._reload()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def rarity(self, term: str) -> float:
        """The BM25 weight of a folded syllable or pair: high where few passages hold it."""
        known = self._rarity.get(term)
        if known is None:
            known = self._rarity[term] = self._count_rarity(term)
        return known

    def _count_rarity(self, term: str) -> float:
        if len(self._rarity) > _RARITIES:
            self._rarity.clear()
        searcher = self._index.searcher()
        holding = searcher.doc_freq("pairs" if "_" in term else "folded", term)
        return math.log(1 + (searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def search(self, query: Terms, *, limit: int) -> list[tuple[int, float]]:
        """The best *limit* passages as (id, BM25 score), best first; none for an empty query."""
        parts = self._clauses(query)
        if not parts:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(parts), limit, count=False).hits
        found = []
        for score, address in hits:
            found.append((int(searcher.doc(address)["passage"][0]), float(score)))
        return found

    def _clauses(self, query: Terms) -> Sequence[tuple[tantivy.Occur, tantivy.Query]]:
        clauses = []
        for name, boost in _BOOST.items():
            for term in dict.fromkeys(getattr(query, name)[:_TERMS_IN_QUERY]):
                clause = tantivy.Query.term_query(self._schema, name, term, "freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(clause, boost)))
        return clauses
