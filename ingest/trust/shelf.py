"""The library as the gate needs it; `bot.workplace` is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.model import DocumentDraft, Passage, StoredDocument


class Shelf(Protocol):
    """The library behind the gate."""

    def hashes(self, prefix: str) -> Mapping[str, str]:
        """Key and content hash of every document whose key begins with *prefix*."""

    def documents(self, prefix: str = "") -> list[StoredDocument]:
        """The published documents."""

    def document_passages(self, key: str) -> list[Passage]:
        """The published passages of one document."""

    def publish(self, draft: DocumentDraft) -> object:
        """Store *draft* as its key's current version."""

    def remove(self, key: str) -> None:
        """Take the document of *key* out."""
