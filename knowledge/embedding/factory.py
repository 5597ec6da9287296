"""Makes the embedder that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.embedding.builtin import BuiltinEmbedder
from knowledge.errors import EmbedderMissing

if TYPE_CHECKING:
    from knowledge.embedding.base import TextEmbedder


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSettings:
    """Where an OpenAI-compatible embedding endpoint is. `timeout_s` in seconds."""

    base_url: str = ""
    model: str = ""
    api_key: str = ""
    timeout_s: float = 30.0


def make_embedder(name: str, endpoint: EndpointSettings | None = None) -> TextEmbedder:
    """
    The embedder called *name*.

    Args:
        name: `builtin`, `st:` and a sentence-transformers model name or folder, or `endpoint`.
        endpoint: What the endpoint needs, when it is the one.

    Raises:
        EmbedderMissing: Unknown, not installed, or not found.
    """
    if name == "builtin":
        return BuiltinEmbedder()
    if name.startswith("st:"):
        from knowledge.embedding.huggingface import HuggingFaceEmbedder

        return HuggingFaceEmbedder(name.removeprefix("st:"))
    if name == "endpoint" and endpoint is not None and endpoint.base_url and endpoint.model:
        from knowledge.embedding.endpoint import EndpointEmbedder

        return EndpointEmbedder(
            base_url=endpoint.base_url,
            model=endpoint.model,
            api_key=endpoint.api_key,
            timeout_s=endpoint.timeout_s,
        )
    raise EmbedderMissing(name=name, reason="not_configured" if name == "endpoint" else "unknown")
