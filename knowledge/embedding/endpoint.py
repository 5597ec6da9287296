"""
An OpenAI-compatible embedding endpoint, on another machine or in another process.

What it answers is not trusted: wrong counts, sizes and numbers are refused, and nothing it says is quoted.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
from pydantic import SecretStr

from knowledge.embedding.base import TextEmbedder
from knowledge.embedding.inputs import Prefixes, clean, prefixes_for
from knowledge.errors import EmbedderMissing, KnowledgeUnavailable

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

INSTALL_COMMAND = "make endpoint"
BATCH_TEXTS = 64
RETRIES = 1  # a question waits at most twice the timeout


class EndpointEmbedder(TextEmbedder):
    """
    Embeds over HTTP. Making one asks nothing of the endpoint; `dimension` is 0 until it answered once.

    The endpoint's operator sees every text: passages when they are indexed, and questions as asked.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        timeout_s: float = 30.0,
        prefixes: Prefixes | None = None,
    ) -> None:
        """
        Point at an endpoint.

        Args:
            base_url: Up to and including `/v1`.
            model: The name the endpoint knows; it is the identity that the index remembers.
            api_key: Sent as a bearer token; empty for an endpoint that wants none.
            timeout_s: Seconds for one request, of which at most two are made.
            prefixes: What the model expects before questions and passages. None: what its name says (E5).

        Raises:
            EmbedderMissing: The extra is not installed; the field `command` says how to.
        """
        try:
            from langchain_openai import OpenAIEmbeddings
        except ImportError:
            raise EmbedderMissing(name=model, reason="not_installed", command=INSTALL_COMMAND) from None
        # At DEBUG this client writes whole requests, that is, people's questions, into the log.
        logging.getLogger("openai").setLevel(logging.WARNING)
        self.name = f"endpoint:{model}"
        self.dimension = 0
        self._prefixes = prefixes or prefixes_for(model)
        self._model: OpenAIEmbeddings = OpenAIEmbeddings(
            base_url=base_url,
            model=model,
            api_key=SecretStr(api_key or "none"),
            timeout=timeout_s,
            max_retries=RETRIES,
            chunk_size=BATCH_TEXTS,
            # Otherwise token numbers of another model's tokenizer are sent instead of the text.
            check_embedding_ctx_length=False,
            # The default, base64, is more than many compatible servers speak.
            model_kwargs={"encoding_format": "float"},
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as passages."""
        return self._embed(texts, self._prefixes.passage)

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as questions."""
        return self._embed(texts, self._prefixes.query)

    def _embed(self, texts: list[str], prefix: str) -> list[list[float]]:
        if not texts:
            return []
        import openai

        try:
            raw = self._model.embed_documents([prefix + clean(text) for text in texts])
            vectors = np.asarray(raw, dtype=np.float32)
        except openai.OpenAIError as error:
            raise KnowledgeUnavailable(part="embedder", reason=type(error).__name__) from None
        except (AttributeError, KeyError, TypeError, ValueError):  # what a malformed answer ends in
            raise KnowledgeUnavailable(part="embedder", reason="malformed") from None
        return self._checked(vectors, len(texts))

    def _checked(self, vectors: np.ndarray, count: int) -> list[list[float]]:
        is_matrix = vectors.ndim == 2 and vectors.shape[0] == count and vectors.shape[1] > 0  # noqa: PLR2004 - rows, columns
        if not is_matrix or self.dimension not in {0, vectors.shape[1]}:
            raise KnowledgeUnavailable(part="embedder", reason="malformed")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise KnowledgeUnavailable(part="embedder", reason="malformed")
        self.dimension = int(vectors.shape[1])
        rows: list[list[float]] = (vectors / norms).tolist()
        return rows
