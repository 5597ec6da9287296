"""Drafts, sources and a library to put a gate before, for the tests of trust."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ingest.trust.flags import Code
from ingest.trust.inspection import inspect
from ingest.trust.sources import read_sources
from knowledge.model import Audience, DocumentDraft, DocumentMeta, Passage, PassageDraft, StoredDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.history import Withdrawal

TODAY = date(2026, 11, 28)
SOURCES = read_sources()


def draft(*texts: str, key: str = "tep/a.txt", content_hash: str = "", **meta: Any) -> DocumentDraft:
    """A document of one passage for each of *texts*."""
    passages = tuple(PassageDraft(anchor=f"doan-{n}", text=text) for n, text in enumerate(texts, 1))
    return DocumentDraft(
        meta=DocumentMeta(key=key, title=meta.pop("title", "Bài viết"), **meta),
        passages=passages,
        content_hash=content_hash or f"hash of {texts}",
    )


def found_in(
    text: str,
    *,
    audience: Audience = Audience.PUBLIC,
    article_text: Callable[[str, str], str] = lambda _number, _article: "",
    hidden: tuple[str, ...] = (),
    today: date = TODAY,
) -> set[Code]:
    """The codes found in a document that is *text*."""
    flags = inspect(
        draft(text, audience=audience),
        sources=SOURCES,
        today=today,
        hidden=hidden,
        article_text=article_text,
    )
    return {flag.code for flag in flags}


def grave_in(text: str, **more: Any) -> set[Code]:
    """The grave ones of them."""
    grave = {Code.INJECTION, Code.PHISHING_LINK, Code.FAKE_POLICE, Code.SPUN_STATUTE, Code.PRIVATE_PERSON}
    return found_in(text, **more) & grave


class Shelf:
    """A library in memory as the gate needs it; like the real one it does nothing for a hash it has."""

    def __init__(self) -> None:
        self.drafts: dict[str, DocumentDraft] = {}
        self.published: list[str] = []

    def hashes(self, prefix: str) -> dict[str, str]:
        """Key and content hash."""
        return {key: item.content_hash for key, item in self.drafts.items() if key.startswith(prefix)}

    def documents(self, prefix: str = "") -> list[StoredDocument]:
        """What is published."""
        return [
            StoredDocument(
                meta=item.meta,
                content_hash=item.content_hash,
                published_at=datetime(2026, 11, 28, tzinfo=UTC),
                passages=len(item.passages),
            )
            for key, item in sorted(self.drafts.items())
            if key.startswith(prefix)
        ]

    def document_passages(self, key: str) -> list[Passage]:
        """The passages of one document."""
        item = self.drafts[key]
        return [
            Passage(
                id=number,
                meta=item.meta,
                anchor=part.anchor,
                text=part.text,
                locator=part.locator,
                heading=part.heading,
                articles=part.articles,
                references=part.references,
            )
            for number, part in enumerate(item.passages)
        ]

    def publish(self, draft: DocumentDraft) -> None:
        """Store *draft*."""
        known = self.drafts.get(draft.meta.key)
        if known is None or known.content_hash != draft.content_hash:
            self.published.append(draft.meta.key)
            self.drafts[draft.meta.key] = draft

    def withdrawals(self, prefix: str = "") -> list[Withdrawal]:
        """Nothing is ever withdrawn here."""
        return [item for item in () if prefix]

    def remove(self, key: str, who: str = "") -> None:
        """Take *key* out."""
        del who
        del self.drafts[key]
