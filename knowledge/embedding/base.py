"""The port every embedder fills: LangChain's `Embeddings`, with an identity."""

from __future__ import annotations

from abc import abstractmethod

from langchain_core.embeddings import Embeddings


class TextEmbedder(Embeddings):
    """
    Turns texts into unit vectors.

    `name` is the identity that an index remembers: two embedders of one name give the same vectors.
    Texts are normalised to NFC inside; one longer than the model reads is cut, never refused.
    """

    name: str
    dimension: int

    @abstractmethod
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """
        Embed *texts* as passages.

        Returns:
            n lists of `dimension` floats, L2 norm 1, in the order of *texts*.

        Raises:
            KnowledgeUnavailable: The model is out of reach.
        """

    @abstractmethod
    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """Embed *texts* as questions; E5 models want another prefix, and mixing them ruins recall."""

    def embed_query(self, text: str) -> list[float]:
        """Embed one question."""
        return self.embed_queries([text])[0]
