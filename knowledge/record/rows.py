"""Between rows of the record and the words of `knowledge.model`."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from knowledge.model import Audience, DocumentKind, DocumentMeta, Passage, Reference

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from knowledge.model import PassageDraft

_META_FIELDS = (
    "title", "number", "source", "url", "author", "organisation", "area", "topic",
    "issued", "effective", "expires", "as_of", "verified_by",
)  # fmt: skip


def version_values(meta: DocumentMeta) -> dict[str, Any]:
    """The columns of `versions` for *meta*."""
    values: dict[str, Any] = {name: getattr(meta, name) for name in _META_FIELDS}
    return values | {"audience": meta.audience.value, "kind": meta.kind.value}


def passage_values(draft: PassageDraft, position: int) -> dict[str, Any]:
    """The columns of `passages` for *draft*."""
    return {
        "position": position,
        "anchor": draft.anchor,
        "heading": draft.heading,
        "locator": draft.locator,
        "text": draft.text,
        "articles": list(draft.articles),
        "questions": list(draft.questions),
        "references": [[item.title, item.article, item.url] for item in draft.references],
    }


def meta_of(row: RowMapping) -> DocumentMeta:
    """The document of a row of `documents` joined with `versions`."""
    values = {name: row[name] for name in _META_FIELDS}
    return DocumentMeta(
        key=row["key"], audience=Audience(row["audience"]), kind=DocumentKind(row["kind"]), **values
    )


def passage_of(row: RowMapping) -> Passage:
    """The passage of a row of `passages` joined with its version and document."""
    return Passage(
        id=row["passage_id"],
        meta=meta_of(row),
        anchor=row["anchor"],
        text=row["text"],
        locator=row["locator"],
        heading=row["heading"],
        articles=tuple(row["articles"]),
        questions=tuple(row["questions"]),
        references=tuple(Reference(title=a, article=b, url=c) for a, b, c in row["references"]),
    )


def with_zone(moment: datetime) -> datetime:
    """*moment* in UTC: SQLite gives back no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
