"""
Any sentence-transformers model, from a folder or from what the machine has already downloaded.

Offline: nothing is fetched, a model that is not there is reported. Needs `make torch` once.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.embedding.base import TextEmbedder
from knowledge.embedding.inputs import Prefixes, clean, prefixes_for
from knowledge.errors import EmbedderMissing, KnowledgeUnavailable

if TYPE_CHECKING:
    from langchain_huggingface import HuggingFaceEmbeddings

INSTALL_COMMAND = "make torch"
SAMPLE_BYTES = 1 << 20  # read from the middle of each weight file to tell fine-tunings apart
_SMALL_FILES = frozenset((".json", ".txt"))
_WEIGHT_FILES = frozenset((".safetensors", ".bin", ".model"))


class HuggingFaceEmbedder(TextEmbedder):
    """A sentence-transformers model on this machine's processor. Cuts texts at the model's own limit."""

    def __init__(self, model: str, *, prefixes: Prefixes | None = None) -> None:
        """
        Load *model*.

        Args:
            model: A folder, or a name that is in the local model cache.
            prefixes: What the model expects before questions and passages. None: what its folder
                says, else what its name says (E5).

        Raises:
            EmbedderMissing: With `reason` `not_installed` (and `command`), `not_found` or `unreadable`.
        """
        self._model, folder = _load(model)
        chosen = prefixes or _own_prefixes(folder) or prefixes_for(model.rstrip("/"))
        self._prefixes = chosen
        shown = folder.name if Path(model).expanduser().is_dir() else model
        self.name = f"st:{shown}@{_fingerprint(folder, chosen)}"
        # The tokenizer keeps state while it cuts a batch: calls must not overlap.
        self._lock = threading.Lock()
        self.dimension = len(self.embed_query("."))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as passages."""
        return self._embed(texts, self._prefixes.passage)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as questions."""
        return self._embed(texts, self._prefixes.query)

    def _embed(self, texts: list[str], prefix: str) -> list[list[float]]:
        if not texts:
            return []
        try:
            with self._lock:
                vectors: list[list[float]] = self._model.embed_documents(
                    [prefix + clean(text) for text in texts]
                )
        except (RuntimeError, MemoryError) as error:  # torch runs out of memory with a RuntimeError
            raise KnowledgeUnavailable(part="embedder", reason=type(error).__name__) from None
        return vectors


def _load(model: str) -> tuple[HuggingFaceEmbeddings, Path]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the library is imported
    try:
        from langchain_huggingface import HuggingFaceEmbeddings
    except ImportError:
        raise EmbedderMissing(name=model, reason="not_installed", command=INSTALL_COMMAND) from None
    folder = _find(model)
    try:
        loaded = HuggingFaceEmbeddings(
            model_name=str(folder),
            model_kwargs={"local_files_only": True},
            encode_kwargs={"normalize_embeddings": True},
        )
    except ImportError:
        raise EmbedderMissing(name=model, reason="not_installed", command=INSTALL_COMMAND) from None
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        raise EmbedderMissing(name=model, reason="unreadable") from None
    return loaded, folder


def _find(model: str) -> Path:
    from huggingface_hub import snapshot_download

    folder = Path(model).expanduser()
    if not folder.is_dir():
        try:
            folder = Path(snapshot_download(model, local_files_only=True))
        except (OSError, ValueError):
            raise EmbedderMissing(name=model, reason="not_found") from None
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise EmbedderMissing(name=model, reason="not_found")
    return folder.resolve()


def _own_prefixes(folder: Path) -> Prefixes | None:
    try:
        config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        prompts = config["prompts"]
        found = Prefixes(prompts.get("query", ""), prompts.get("passage") or prompts.get("document", ""))
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return found if found.query or found.passage else None


def _fingerprint(folder: Path, prefixes: Prefixes) -> str:
    digest = hashlib.sha256(repr(prefixes).encode())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = file.stat().st_size
        if file.suffix in _WEIGHT_FILES or (file.suffix in _SMALL_FILES and size > SAMPLE_BYTES):
            with file.open("rb") as weights:
                weights.seek(max(0, size // 2 - SAMPLE_BYTES // 2))
                sample = weights.read(SAMPLE_BYTES)
        elif file.suffix in _SMALL_FILES:
            sample = file.read_bytes()
        else:
            continue
        digest.update(f"\0{file.relative_to(folder).as_posix()}\0{size}\0".encode() + sample)
    return digest.hexdigest()[:12]
