"""What a library answers from, made a document for fewer people: see `ingest.trust.gate`."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from ingest.narrowing import is_narrower
from knowledge.model import DocumentDraft, PassageDraft

if TYPE_CHECKING:
    from ingest.trust.book import TrustBook
    from ingest.trust.shelf import Shelf
    from knowledge.model import Audience, Passage, StoredDocument


def narrowed(shelf: Shelf, book: TrustBook, key: str, audience: Audience) -> DocumentDraft | None:
    """
    What answers under *key*, or is listed there as a copy, as a document for *audience*.

    None where nothing does, or no more people than those see it. Its hash is of no file: the next one that
    can go in does.
    """
    stored = next((item for item in shelf.documents(key) if item.meta.key == key), None)
    if stored is None or not is_narrower(audience, stored.meta.audience):
        return None
    draft = _standing(shelf, book, stored)
    digest = hashlib.sha256(f"{draft.content_hash} for {audience.value} only".encode()).hexdigest()
    return replace(draft, meta=replace(draft.meta, audience=audience), content_hash=digest)


def _standing(shelf: Shelf, book: TrustBook, stored: StoredDocument) -> DocumentDraft:
    key = stored.meta.key
    copies = [item.draft for item in book.copies_of(book.copied(key)) if item.draft.meta.key == key]
    if copies:  # a copy's own words are in the book alone
        return copies[0]
    return DocumentDraft(
        meta=stored.meta,
        passages=tuple(_without_references(passage) for passage in shelf.document_passages(key)),
        content_hash=stored.content_hash,
        repairs=stored.repairs,
        original=stored.original,
    )


def _without_references(passage: Passage) -> PassageDraft:
    names = {field.name for field in fields(PassageDraft)} - {"references"}
    return PassageDraft(**{name: getattr(passage, name) for name in names})
