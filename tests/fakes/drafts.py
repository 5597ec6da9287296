"""Documents made for tests, in one line each."""

from __future__ import annotations

import hashlib
from typing import Any

from knowledge.model import DocumentDraft, DocumentKind, DocumentMeta, PassageDraft


def document(key: str, *texts: str | PassageDraft, **meta: Any) -> DocumentDraft:
    """A document of *texts*; a plain string becomes a passage `p0`, `p1`… Its hash follows its content."""
    passages = tuple(
        PassageDraft(anchor=f"p{at}", text=text) if isinstance(text, str) else text
        for at, text in enumerate(texts)
    )
    known = DocumentMeta(key=key, title=meta.pop("title", key), **meta)
    digest = hashlib.sha256(repr((known, passages)).encode("utf-8", "surrogatepass")).hexdigest()
    return DocumentDraft(meta=known, passages=passages, content_hash=digest)


def section(anchor: str, heading: str, text: str, *questions: str, **more: Any) -> PassageDraft:
    """A section of a guide, with the questions people ask for it."""
    return PassageDraft(anchor=anchor, heading=heading, text=text, questions=questions, **more)


def guide(slug: str, *sections: PassageDraft, **meta: Any) -> DocumentDraft:
    """A guide of *sections*."""
    return document(f"guide:{slug}", *sections, kind=DocumentKind.GUIDE, **meta)
