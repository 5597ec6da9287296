"""
What an editor says of a paper, laid over what was read in it. Pure.

The fields are those of a sidecar, and checked as one: what the page takes, `binhan ingest` would take too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.desk.papers_model import PaperRefused
from ingest.metadata import checked, with_fields
from ingest.stated import propose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.papers_model import Paper
    from knowledge.model import DocumentDraft, DocumentMeta

TEXTS: Final = ("title", "number", "document_type", "organisation", "source", "area", "topic", "url")
DAYS: Final = ("issued", "effective", "expires")
NUMBERS: Final = ("replaces", "replaced_by")
_STAYING: Final = ("document_type", "organisation", "area", "topic", "source", "url")
FIELDS: Final = (
    *("title", "number", "document_type", "organisation", "issued", "effective", "expires"),
    *("replaces", "replaced_by", "area", "topic", "source", "url"),
)


def proposed_fields(draft: DocumentDraft, before: DocumentMeta | None = None) -> dict[str, tuple[str, str]]:
    """
    What *draft* says of itself: by field its value as a form shows it, and where it was read.

    Where it is silent and the edition *before* is not, that one's issuer, area and the like: `before`.
    """
    found: dict[str, tuple[str, str]] = {
        item.field: (_day_shown(item.value) if item.field in DAYS else item.value, item.origin)
        for item in propose(draft)
    }
    known = fields_of(draft.meta)
    earlier = fields_of(before) if before else {}
    for name in _STAYING:
        if not known[name] and earlier.get(name):
            found.setdefault(name, (earlier[name], "before"))
    return {name: found.get(name, (known[name], "read" if known[name] else "")) for name in FIELDS}


def fields_of(meta: DocumentMeta) -> dict[str, str]:
    """The editor's fields of *meta* as a form shows them: days as 5/3/2026, numbers with `; ` between."""
    shown = {name: getattr(meta, name) for name in TEXTS}
    shown |= {name: _day_shown(day.isoformat()) if (day := getattr(meta, name)) else "" for name in DAYS}
    return shown | {name: "; ".join(getattr(meta, name)) for name in NUMBERS}


def _day_shown(iso: str) -> str:
    """Day first, as every form in Vietnam has it; a browser's own field goes by the browser's language."""
    day = date.fromisoformat(iso)
    return f"{day.day}/{day.month}/{day.year}"


def described(meta: DocumentMeta, fields: Mapping[str, str]) -> DocumentMeta:
    """
    *meta* with the editor's *fields* in place of its own; an emptied field is empty.

    Raises:
        BadMetadata: A value does not fit.
        PaperRefused: no_title.
    """
    given = {name: value for name, value in fields.items() if name in FIELDS and value}
    if not given.get("title"):
        raise PaperRefused("no_title")
    empty = dict.fromkeys(TEXTS, "") | dict.fromkeys(DAYS) | dict.fromkeys(NUMBERS, ())
    return with_fields(replace(meta, **empty), checked(given))  # type: ignore[arg-type]


def described_draft(draft: DocumentDraft, paper: Paper) -> DocumentDraft:
    """
    *draft* as *paper* is to be published: its key, its name, what the editor confirmed, for whom.

    Its hash is of all that: the same file for others, or under another title, is another edition.

    Raises:
        BadMetadata, PaperRefused: What the editor confirmed does not fit any more.
    """
    meta = replace(draft.meta, key=paper.key)
    if meta.title == paper.id:  # the file's name, where the text has no title: ours says nothing
        meta = replace(meta, title=title_from(paper.name))
    original = draft.original and replace(draft.original, name=paper.name.rpartition("/")[2])
    if paper.described is None:
        return replace(draft, meta=meta, original=original)
    meta = replace(described(meta, paper.described), audience=paper.audience)
    said = json.dumps([paper.key, paper.audience.value, sorted(paper.described.items())], ensure_ascii=False)
    digest = hashlib.sha256(f"{draft.content_hash}\n{said}".encode()).hexdigest()
    return replace(draft, meta=meta, original=original, content_hash=digest, by=paper.by)


def title_from(name: str) -> str:
    """A title from a file's name, as `ingest` makes one."""
    last = name.rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    return " ".join(stem.replace("_", " ").split())
