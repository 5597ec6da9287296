"""
Dense search: Chroma through LangChain, collections of its own for each audience.

A collection cannot leak what a filter could. An audience has three: the passages of its documents, the
sections of its guides, and the question variants of those sections. In one collection each would
crowd the others out of the nearest neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma

from knowledge.embedding.base import TextEmbedder
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Layer = Literal["documents", "guides", "questions"]
LAYERS: tuple[Layer, ...] = ("documents", "guides", "questions")
# A few thousand vectors at most, and all of them are wanted: compared one by one, in memory.
_EXACT: frozenset[Layer] = frozenset(("guides", "questions"))
_BATCH = 256  # vectors in one upsert, well under Chroma's limit of 5,461


class _AsQuestions(TextEmbedder):
    """Lets LangChain store question variants with the embedder's prefix for questions."""

    def __init__(self, inner: TextEmbedder) -> None:
        self._inner = inner
        self.name = inner.name
        self.dimension = inner.dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._inner.embed_queries(texts)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        return self._inner.embed_queries(texts)


class DenseIndex:
    """
    Nearest neighbours by cosine, under one folder.

    Chroma allows one process per folder: whoever opens this holds the data folder's lock.
    """

    def __init__(self, folder: Path, embedder: TextEmbedder) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(
            path=str(folder), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
        )
        self._embedders: dict[Layer, TextEmbedder] = {
            "documents": embedder,
            "guides": embedder,
            "questions": _AsQuestions(embedder),
        }
        self._stores: dict[tuple[Audience, Layer], Chroma] = {}
        self._collections: dict[tuple[Audience, Layer], chromadb.Collection] = {}
        self._matrices: dict[tuple[Audience, Layer], tuple[list[int], NDArray[np.float32]]] = {}
        self._writes = 0
        for audience in Audience:
            for layer in LAYERS:
                self._open(audience, layer)

    def _open(self, audience: Audience, layer: Layer) -> None:
        self._stores[audience, layer] = Chroma(
            client=self._client,
            collection_name=f"{audience.value}-{layer}",
            embedding_function=self._embedders[layer],
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        name = f"{audience.value}-{layer}"
        self._collections[audience, layer] = self._client.get_collection(name, embedding_function=None)

    def add(self, audience: Audience, layer: Layer, entries: Sequence[tuple[int, int, str]]) -> None:
        """
        Embed and store (passage id, n, text) entries, replacing those already there.

        `n` counts the entries of one passage: 0 for its text, 0… for its question variants.
        """
        store = self._stores[audience, layer]
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            store.add_texts(
                [text for _, _, text in batch],
                metadatas=[{"passage": passage_id} for passage_id, _, _ in batch],
                ids=[f"{passage_id}.{n}" for passage_id, n, _ in batch],
            )
        self._forget_matrices()

    def remove(self, audience: Audience, passage_ids: Sequence[int]) -> None:
        """Drop everything stored for passages; an unknown id is no error."""
        for layer in LAYERS:
            for start in range(0, len(passage_ids), _BATCH):
                wanted = list(passage_ids[start : start + _BATCH])
                self._stores[audience, layer].delete(where={"passage": {"$in": wanted}})
        self._forget_matrices()

    def keep_only(self, audience: Audience, passage_ids: set[int]) -> None:
        """Drop what is stored for any passage not among *passage_ids*; exemplars (below 0) stay."""
        for layer in LAYERS:
            owners = {entry: int(entry.partition(".")[0]) for entry in self._entries(audience, layer)}
            stale = [entry for entry, owner in owners.items() if owner >= 0 and owner not in passage_ids]
            self._delete(audience, layer, stale)

    def known(self, audience: Audience, layer: Layer) -> set[int]:
        """The passages that have entries in a layer."""
        return {int(entry.partition(".")[0]) for entry in self._entries(audience, layer)}

    def _entries(self, audience: Audience, layer: Layer) -> list[str]:
        return list(self._stores[audience, layer].get(include=[])["ids"])

    def _delete(self, audience: Audience, layer: Layer, ids: list[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            self._stores[audience, layer].delete(ids[start : start + _BATCH])
        self._forget_matrices()

    def _forget_matrices(self) -> None:
        # Counted, so that a reader who began before the write does not keep what it read.
        self._writes += 1
        self._matrices.clear()

    def clear(self) -> None:
        """Forget every vector, before another embedder fills the index."""
        for audience, layer in list(self._stores):
            self._stores[audience, layer].delete_collection()
            self._open(audience, layer)
        self._forget_matrices()

    def count(self, audience: Audience, layer: Layer) -> int:
        """How many vectors a layer holds."""
        return int(self._collections[audience, layer].count())

    def search(
        self, audience: Audience, layer: Layer, vector: list[float], *, limit: int
    ) -> list[tuple[int, float]]:
        """
        The nearest entries of exactly *audience* to *vector*.

        Returns:
            (passage id, cosine similarity), best first; in the layer of questions a passage may come often.
        """
        if layer in _EXACT:
            return self._search_exactly(audience, layer, vector, limit)
        # Ids and distances only: through LangChain every neighbour's text and metadata would be read too.
        near = self._collections[audience, layer].query(
            query_embeddings=np.asarray([vector], dtype=np.float32), n_results=limit, include=["distances"]
        )
        distances = near["distances"] or [[]]
        owners = (int(entry.partition(".")[0]) for entry in near["ids"][0])
        return [(owner, 1.0 - float(distance)) for owner, distance in zip(owners, distances[0], strict=True)]

    def _search_exactly(
        self, audience: Audience, layer: Layer, vector: list[float], limit: int
    ) -> list[tuple[int, float]]:
        owners, matrix = self._matrix(audience, layer)
        if not owners:
            return []
        # Not `@`: BLAS wakes a thread per core for it and waits, spinning, until each was given one.
        cosines = np.vecdot(matrix, np.asarray(vector, dtype=np.float32))
        nearest = np.argpartition(-cosines, limit)[:limit] if limit < len(owners) else np.arange(len(owners))
        order = nearest[np.argsort(-cosines[nearest], kind="stable")]
        return [
            (owners[at], cosine) for at, cosine in zip(order.tolist(), cosines[order].tolist(), strict=True)
        ]

    def _matrix(self, audience: Audience, layer: Layer) -> tuple[list[int], NDArray[np.float32]]:
        known = self._matrices.get((audience, layer))
        if known is None:
            writes = self._writes
            stored = self._stores[audience, layer].get(include=["embeddings"])
            owners = [int(entry.partition(".")[0]) for entry in stored["ids"]]
            vectors = np.asarray(stored["embeddings"], dtype=np.float32)
            known = (owners, vectors)
            if writes == self._writes:
                self._matrices[audience, layer] = known
        return known
