"""A small deterministic embedder: each syllable, without marks, has a direction of its own."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

from knowledge.embedding.base import TextEmbedder
from knowledge.text.folding import fold, syllables


@cache
def _direction(syllable: str, dimension: int) -> np.ndarray:
    digest = hashlib.blake2b(syllable.encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big")).normal(size=dimension)


class HashingEmbedder(TextEmbedder):
    """Fast, offline, the same everywhere: texts that share words lie near each other."""

    def __init__(self, name: str = "fake:hashing", dimension: int = 32) -> None:
        self.name = name
        self.dimension = dimension
        self.passages: list[str] = []
        self.questions: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as passages, and remember that they were seen."""
        self.passages += texts
        return [self._vector(text) for text in texts]

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as questions, and remember that they were seen."""
        self.questions += texts
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        total = np.full(self.dimension, 0.01)
        for syllable in syllables(text):
            total += _direction(fold(syllable), self.dimension)
        unit: list[float] = (total / np.linalg.norm(total)).astype(np.float32).tolist()
        return unit
