"""
Lexical search: tantivy indexes over exact syllables, folded syllables, their pairs, and concepts.

The text reaches tantivy already cut into terms (see `terms_of`), so folding is ours and the same for
passages and questions. Rebuilt from the record at any time.
"""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast

import tantivy

from knowledge.text.concepts import concepts_in
from knowledge.text.folding import fold_word, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Group = Literal["text", "asked"]
"""What of a passage is searched: all its text, or how people ask for it."""

_WRITER_HEAP = 64_000_000  # bytes; tantivy asks for at least 15 MB
_TERMS_IN_QUERY = 64  # a rambling message: its first terms decide, and search stays fast
_RARITIES = 50_000  # term weights kept in memory between two writes
ADDED_WEIGHT = 0.4  # of the law's words beside what was typed
_BOOST = {"exact": 0.35, "folded": 1.0, "pairs": 1.0}
_GROUPS: tuple[Group, ...] = ("text", "asked")


@dataclass(frozen=True, slots=True)
class Terms:
    """A text as the index knows it: syllables with marks, without marks, pairs without; what it is about."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    pairs: tuple[str, ...]
    concepts: tuple[str, ...] = ()


def terms_of(text: str) -> Terms:
    """Cut *text* into the terms of the four fields."""
    exact = syllables(text)
    folded = [fold_word(syllable) for syllable in exact]
    pairs = tuple(f"{a}_{b}" for a, b in pairwise(folded))
    return Terms(tuple(exact), tuple(folded), pairs)


def _concepts_asked(asked: str) -> list[str]:
    return [concept for line in asked.splitlines() for concept in concepts_in(line)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=True, indexed=True, fast=True)
    for group in _GROUPS:
        for name in _BOOST:
            builder.add_text_field(
                f"{group}_{name}", stored=False, tokenizer_name="whitespace", index_option="freq"
            )
    builder.add_text_field("concepts", stored=True, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


class LexicalIndex:
    """BM25 over one folder. One writer at a time: the owner of the data folder's lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        try:
            self._index = tantivy.Index(self._schema, path=str(self._folder))
        except ValueError:  # another version's fields: the record fills a new index
            shutil.rmtree(self._folder)
            self._folder.mkdir()
            self._index = tantivy.Index(self._schema, path=str(self._folder))
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("whitespace", whitespace)
        self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self._size = int(self._index.searcher().num_docs)
        self._rarity: dict[str, float] = {}
        self._concepts: dict[int, frozenset[str]] = {}

    def clear(self) -> None:
        """Forget everything, before a rebuild."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()

    def add(self, passages: Iterable[tuple[int, Mapping[Group, str]]]) -> None:
        """Index (id, texts by group), replacing those of the same id; visible to search on return."""
        writer = self._writer()
        for passage_id, texts in passages:
            writer.delete_documents_by_term("passage", passage_id)
            document = tantivy.Document()
            document.add_integer("passage", passage_id)
            for group, text in texts.items():
                terms = terms_of(text)
                for name in _BOOST:
                    document.add_text(f"{group}_{name}", " ".join(getattr(terms, name)))
            document.add_text("concepts", " ".join(_concepts_asked(texts.get("asked", ""))))
            writer.add_document(document)
        self._commit(writer)

    def remove(self, passage_ids: Iterable[int]) -> None:
        """Drop passages by id; an unknown id is no error."""
        writer = self._writer()
        for passage_id in passage_ids:
            writer.delete_documents_by_term("passage", passage_id)
        self._commit(writer)

    def known(self) -> set[int]:
        """The number of every passage that is indexed; exemplars are below 0."""
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return set()
        hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False).hits
        return set(self._numbers(searcher, [address for _, address in hits]))

    def keep_only(self, passage_ids: set[int]) -> None:
        """Drop every passage that is not among *passage_ids*."""
        stale = self.known() - passage_ids
        if stale:
            self.remove(stale)

    def _writer(self) -> tantivy.IndexWriter:
        writer = self._index.writer(heap_size=_WRITER_HEAP, num_threads=1)
        # A commit that was cut short leaves files under the names that the next one would use.
        writer.garbage_collect_files()
        return writer

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._reload()

    def __len__(self) -> int:
        return self._size

    def rarity(self, term: str) -> float:
        """The BM25 weight of a folded syllable or pair: high where few passages hold it."""
        known = self._rarity.get(term)
        if known is None:
            if len(self._rarity) > _RARITIES:
                self._rarity.clear()
            known = self._rarity[term] = self._count_rarity(term)
        return known

    def concept_rarity(self, concept: str) -> float:
        """The same weight for a concept: high where people ask few passages about it."""
        key = f"\0{concept}"  # no syllable begins so
        if key not in self._rarity:
            self._rarity[key] = self._weigh("concepts", concept)
        return self._rarity[key]

    def concepts(self, passage_id: int) -> frozenset[str]:
        """What people ask that passage about; nothing for an unknown id."""
        if passage_id not in self._concepts:
            searcher = self._index.searcher()
            query = tantivy.Query.term_query(self._schema, "passage", passage_id)
            found = [searcher.doc(address)["concepts"] for _, address in searcher.search(query, 1).hits]
            self._concepts[passage_id] = frozenset(" ".join(found[0]).split()) if found else frozenset()
        return self._concepts[passage_id]

    def _count_rarity(self, term: str) -> float:
        return self._weigh("text_pairs" if "_" in term else "text_folded", term)

    def _weigh(self, field: str, term: str) -> float:
        searcher = self._index.searcher()
        holding = searcher.doc_freq(field, term)
        return math.log(1 + (searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def search(
        self, query: Terms, *, limit: int, group: Group = "text", added: Terms | None = None
    ) -> list[tuple[int, float]]:
        """
        The best *limit* passages by words as (id, BM25 score), best first; none for an empty query.

        *added* counts beside *query*, a term of both twice, at `ADDED_WEIGHT`.
        """
        clauses = self._clauses(query, group, 1.0)
        if added is not None:
            clauses += self._clauses(added, group, ADDED_WEIGHT)
        return self._run(clauses, limit)

    def _clauses(self, terms: Terms, group: Group, weight: float) -> list[tantivy.Query]:
        return [
            tantivy.Query.boost_query(self._term(group, name, term), boost * weight)
            for name, boost in _BOOST.items()
            for term in dict.fromkeys(getattr(terms, name)[:_TERMS_IN_QUERY])
        ]

    def _term(self, group: Group, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, f"{group}_{name}", term, "freq")

    def _run(self, clauses: list[tantivy.Query], limit: int) -> list[tuple[int, float]]:
        if not clauses:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        numbers = self._numbers(searcher, [address for _, address in hits])
        return [(number, float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]

    @staticmethod
    def _numbers(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> list[int]:
        """Passages by their places, from a column: reading stored documents costs more than finding them."""
        return cast("list[int]", searcher.fast_field_values("passage", addresses))
