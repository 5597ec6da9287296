"""The library as the gate needs it; `bot.workplace` is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.history import History, Withdrawal
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

    def remove(self, key: str, who: str = "") -> None:
        """Take the document of *key* out, for *who*."""

    def withdrawals(self, prefix: str = "") -> list[Withdrawal]:
        """The documents that a person took back."""

    def withdraw(self, key: str, who: str) -> None:
        """Let the document of *key* answer nothing."""

    def roll_back(self, key: str, edition: int, who: str) -> None:
        """Let a kept edition of *key* answer."""

    def originals(self) -> set[str]:
        """The SHA-256 of every original that a kept edition refers to."""

    def history(self, key: str) -> History:
        """The kept editions of *key*."""
