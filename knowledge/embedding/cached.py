"""
A cache of vectors by content, so that nothing is embedded twice.

Holds hashes and vectors, no text. Only what is ingested passes through it; questions that people ask
never do.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedding.base import TextEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_BATCH = 16  # texts embedded before they are written down: what a kill can cost


class CachedEmbedder(TextEmbedder):
    """An embedder that looks into a file of known vectors first. Safe to share between threads."""

    def __init__(self, inner: TextEmbedder, file: Path) -> None:
        self.name = inner.name
        self.dimension = inner.dimension
        self._inner = inner
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(file, check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
        )
        self._db.commit()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as passages, from the cache where known."""
        return self._through(texts, "passage", self._inner.embed_documents)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as stored question variants, from the cache where known."""
        return self._through(texts, "query", self._inner.embed_queries)

    def embed_query(self, text: str) -> list[float]:
        """Embed a question somebody asks: it goes past the cache and leaves nothing behind."""
        return self._inner.embed_query(text)

    def _through(
        self, texts: list[str], kind: str, embed: Callable[[list[str]], list[list[float]]]
    ) -> list[list[float]]:
        keys = [
            hashlib.sha256(f"{self.name}\0{kind}\0{text}".encode("utf-8", "ignore")).digest()
            for text in texts
        ]
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        order = sorted(missing, key=lambda key: len(missing[key]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors = embed([missing[key] for key in batch])
            known.update(zip(batch, vectors, strict=True))
            self._write(batch, vectors)
        return [known[key] for key in keys]

    def _read(self, keys: list[bytes]) -> dict[bytes, list[float]]:
        found: dict[bytes, list[float]] = {}
        with self._lock:
            for start in range(0, len(keys), 500):
                part = keys[start : start + 500]
                marks = ",".join("?" * len(part))
                rows = self._db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part)  # noqa: S608 - marks only
                found.update({key: np.frombuffer(blob, dtype=np.float32).tolist() for key, blob in rows})
        return found

    def _write(self, keys: list[bytes], vectors: list[list[float]]) -> None:
        rows = [
            (key, np.asarray(vector, dtype=np.float32).tobytes())
            for key, vector in zip(keys, vectors, strict=True)
        ]
        with self._lock, self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
