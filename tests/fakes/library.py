"""A library in memory, behind the same protocol as the real one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.narrowing import is_narrower

if TYPE_CHECKING:
    from knowledge.model import Audience, DocumentDraft


class FakeLibrary:
    """Keeps drafts in a dictionary and remembers what was asked of it."""

    def __init__(self) -> None:
        self.drafts: dict[str, DocumentDraft] = {}
        self.calls: list[tuple[str, str]] = []

    def hashes(self, prefix: str) -> dict[str, str]:
        """Key and content hash of every draft whose key begins with *prefix*."""
        return {key: draft.content_hash for key, draft in self.drafts.items() if key.startswith(prefix)}

    def publish(self, draft: DocumentDraft) -> None:
        """Store *draft*."""
        self.calls.append(("publish", draft.meta.key))
        self.drafts[draft.meta.key] = draft

    def narrow(self, key: str, audience: Audience) -> bool:
        """Let *key* be for *audience*, if it is for more."""
        draft = self.drafts.get(key)
        if draft is None or not is_narrower(audience, draft.meta.audience):
            return False
        self.drafts[key] = replace(draft, meta=replace(draft.meta, audience=audience))
        return True

    def remove(self, key: str) -> None:
        """Take *key* out."""
        self.calls.append(("remove", key))
        del self.drafts[key]
