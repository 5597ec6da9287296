"""
A cross-encoder of sentence-transformers as a reranker, from a folder or the local model cache.

Offline: nothing is fetched, a model that is not there is reported. Needs `make torch` once.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.embedding.inputs import clean
from knowledge.errors import KnowledgeUnavailable, RerankerMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import CrossEncoder

INSTALL_COMMAND = "make torch"
_PAIRS = 8  # read at once


class CrossEncoderReranker:
    """A cross-encoder on this machine's processor. Cuts texts at the model's own limit."""

    def __init__(self, model: str) -> None:
        """
        Load *model*: a folder, or a name that is in the local model cache.

        Raises:
            RerankerMissing: With `reason` `not_installed` (and `command`), `not_found` or `unreadable`.
        """
        self._model = _load(model)
        self.name = f"st:{Path(model).name if Path(model).expanduser().is_dir() else model}"
        # The tokenizer keeps state while it cuts a batch: calls must not overlap.
        self._lock = threading.Lock()

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number a passage, higher for a better answer."""
        if not passages:
            return []
        asked = clean(question)
        pairs = [(asked, clean(passage)) for passage in passages]
        try:
            with self._lock:
                found = self._model.predict(pairs, batch_size=_PAIRS, show_progress_bar=False)
        except (RuntimeError, MemoryError) as error:  # torch runs out of memory with a RuntimeError
            raise KnowledgeUnavailable(part="reranker", reason=type(error).__name__) from None
        return [float(score) for score in found]


def _load(model: str) -> CrossEncoder:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the library is imported
    try:
        from sentence_transformers import CrossEncoder
    except ImportError:
        raise RerankerMissing(name=model, reason="not_installed", command=INSTALL_COMMAND) from None
    folder = _find(model)
    try:
        # One number a pair: a model that sorts pairs into classes is none of ours, and fails here.
        return CrossEncoder(str(folder), num_labels=1, local_files_only=True, device="cpu")
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        raise RerankerMissing(name=model, reason="unreadable") from None


def _find(model: str) -> Path:
    from huggingface_hub import snapshot_download

    folder = Path(model).expanduser()
    if not folder.is_dir():
        try:
            folder = Path(snapshot_download(model, local_files_only=True))
        except (OSError, ValueError):
            raise RerankerMissing(name=model, reason="not_found") from None
    if not (folder / "config.json").is_file():
        raise RerankerMissing(name=model, reason="not_found")
    return folder.resolve()
