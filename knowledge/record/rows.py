"""Between rows of the record and the words of `knowledge.model`."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from knowledge.authority import is_draft
from knowledge.history import Act, ActKind
from knowledge.law_register import law_register, number_key
from knowledge.model import Audience, DocumentKind, DocumentMeta, Original, Passage, Reference
from knowledge.numbers import marks_in

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from knowledge.model import DocumentDraft, PassageDraft

_META_FIELDS = (
    "title", "number", "source", "url", "author", "organisation", "area", "topic",
    "issued", "effective", "expires", "as_of", "verified_by", "document_type",
)  # fmt: skip
_NUMBER_LISTS = ("replaces", "replaced_by")
_KEY_LENGTH = 120  # characters; a longer số hiệu is compared by its beginning
_MARK_LENGTH = 160  # characters


def version_values(meta: DocumentMeta) -> dict[str, Any]:
    """The columns of `versions` for *meta*."""
    values: dict[str, Any] = {name: getattr(meta, name) for name in _META_FIELDS}
    values |= {name: "\n".join(getattr(meta, name)) for name in _NUMBER_LISTS}
    return values | {
        "audience": meta.audience.value,
        "kind": meta.kind.value,
        "number_key": number_key(meta.number)[:_KEY_LENGTH],
    }


def provenance_values(draft: DocumentDraft) -> dict[str, Any]:
    """The columns of `versions` for where *draft* came from."""
    kept = draft.original or Original(sha256="", name="", media_type="", size=0)
    return {
        "content_hash": draft.content_hash,
        "published_by": draft.by,
        "repairs": "\n".join(draft.repairs),
        "original_sha256": kept.sha256,
        "original_name": kept.name,
        "original_type": kept.media_type,
        "original_size": kept.size,
    }


def provenance_of(row: RowMapping) -> dict[str, Any]:
    """What `StoredDocument` and `StoredVersion` say of where a row of `versions` came from."""
    return {
        "content_hash": row["content_hash"],
        "published_at": with_zone(row["published_at"]),
        "published_by": row["published_by"],
        "repairs": tuple(row["repairs"].split("\n")) if row["repairs"] else (),
        "original": original_of(row),
    }


def original_of(row: RowMapping) -> Original | None:
    """The file that a row of `versions` was read from."""
    if not row["original_sha256"]:
        return None
    return Original(
        sha256=row["original_sha256"],
        name=row["original_name"],
        media_type=row["original_type"],
        size=row["original_size"],
    )


def act_of(row: RowMapping) -> Act:
    """The deed of a row of `acts`."""
    return Act(
        key=row["key"],
        kind=ActKind(row["kind"]),
        edition=row["edition"],
        who=row["who"],
        at=with_zone(row["at"]),
        codes=tuple(row["codes"].split("\n")) if row["codes"] else (),
    )


def replaced_keys(meta: DocumentMeta) -> list[str]:
    """The keys of what *meta* takes the place of; a draft takes nobody's, and nothing takes its own."""
    if is_draft(meta):
        return []
    keys = {law_register().full_key(number)[:_KEY_LENGTH] for number in meta.replaces}
    return sorted(keys - {"", number_key(meta.number)[:_KEY_LENGTH]})


def passage_mark_values(passage: PassageDraft) -> list[str]:
    """Everything that *passage* can be looked up by, sorted."""
    named = [reference.title for reference in passage.references]
    marks = marks_in(f"{passage.heading}\n{passage.text}", passage.articles, named)
    return sorted(mark for mark in marks if len(mark) <= _MARK_LENGTH)


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
        "english": draft.english,
    }


def meta_of(row: RowMapping) -> DocumentMeta:
    """The document of a row of `documents` joined with `versions`."""
    values = {name: row[name] for name in _META_FIELDS}
    values |= {name: tuple(row[name].split("\n")) if row[name] else () for name in _NUMBER_LISTS}
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
        english=row["english"],
    )


def with_zone(moment: datetime) -> datetime:
    """*moment* in UTC: SQLite gives back no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
