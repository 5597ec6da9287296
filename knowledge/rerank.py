"""
The port of a reranker: a model that reads a question and a passage together.

Optional, and slow beside everything else in a search; the light one (`knowledge.rerank_light`) needs no
model and always runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from knowledge.errors import RerankerMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODEL = "st:"


class Reranker(Protocol):
    """Says how well each of some passages answers a question."""

    name: str

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """
        One number a passage, higher for a better answer, in the order of *passages*.

        Args:
            question: As it is embedded: abbreviations read out, marks put back.
            passages: Heading and text of each. Longer than the model reads is cut, never refused.

        Raises:
            KnowledgeUnavailable: The model failed.
        """
        ...


def make_reranker(name: str) -> Reranker | None:
    """
    The reranker called *name*: "" for none, `st:` and a sentence-transformers cross-encoder, name or folder.

    Raises:
        RerankerMissing: Unknown, not installed, or not found.
    """
    if not name:
        return None
    if name.startswith(_MODEL) and name != _MODEL:
        from knowledge.rerank_cross import CrossEncoderReranker

        return CrossEncoderReranker(name.removeprefix(_MODEL))
    raise RerankerMissing(name=name, reason="unknown")
