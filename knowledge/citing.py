"""Cites a run of a passage: its document, its place, its date. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.answer import Citation
from knowledge.locators import locator_of_quote

if TYPE_CHECKING:
    from datetime import date

    from knowledge.answer import DateKind
    from knowledge.model import DocumentMeta, Passage


def cite(passage: Passage, quoted: str) -> Citation:
    """The citation of *quoted*, a run of *passage*."""
    day, kind = date_of(passage.meta)
    return Citation(
        id=passage.name,
        title=passage.meta.title,
        number=passage.meta.number,
        locator=locator_of_quote(passage, quoted) or passage.heading,
        date=day.isoformat() if day else "",
        date_kind=kind,
        url=passage.meta.url,
        quote=quoted,
        articles=passage.articles,
        references=tuple(reference.title for reference in passage.references),
    )


def date_of(meta: DocumentMeta) -> tuple[date | None, DateKind]:
    """The day a document speaks from, and what kind of day that is."""
    if meta.as_of:
        return meta.as_of, "as_of"
    if meta.effective:
        return meta.effective, "effective"
    return meta.issued, "issued" if meta.issued else ""
