"""The list of documents: what answers, is withdrawn, waits, or is a copy; searched and filtered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.desk.papers_shelf import PaperShelf
    from knowledge.model import Audience, DocumentMeta

State = Literal["answering", "withdrawn", "copy", "held"]
STATES: Final[tuple[State, ...]] = get_args(State)
PAGE: Final = 50  # rows
_GUIDES: Final = "guide:"  # written elsewhere: in the guides folder and on the page of questions


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """Which documents; "" and None do not narrow. `limit` 0: all at once."""

    words: str = ""
    audience: Audience | None = None
    state: State | None = None
    key: str = ""
    page: int = 1
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document; `edition` is the one that answers, or would, 0 for one that only waits."""

    key: str
    meta: DocumentMeta
    state: State
    edition: int = 0
    passages: int = 0
    at: datetime | None = None
    by: str = ""
    repairs: tuple[str, ...] = ()
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of rows, how many match, and how many documents there are."""

    rows: tuple[DocumentRow, ...]
    found: int
    total: int
    query: ListQuery

    @property
    def pages(self) -> int:
        """How many pages there are."""
        limit = self.query.limit or max(self.found, 1)
        return max(1, -(-self.found // limit))


def listing_of(shelf: PaperShelf, query: ListQuery) -> Listing:
    """What matches *query*, what changed last first."""
    rows = list(_rows(shelf, query.key))
    matching = [row for row in rows if _matches(row, query)]
    matching.sort(
        key=lambda row: (row.at is not None, row.at.timestamp() if row.at else 0.0, row.key), reverse=True
    )
    start = (max(1, query.page) - 1) * query.limit
    shown = matching[start : start + query.limit] if query.limit else matching
    return Listing(rows=tuple(shown), found=len(matching), total=len(rows), query=query)


def _rows(shelf: PaperShelf, key: str) -> Iterator[DocumentRow]:
    copies = shelf.papers.duplicates()
    seen = set()
    for item in shelf.workplace.documents(key):
        if item.meta.key.startswith(_GUIDES):
            continue
        seen.add(item.meta.key)
        duplicate_of = copies.get(item.meta.key, "")
        yield DocumentRow(
            key=item.meta.key,
            meta=item.meta,
            state="copy" if duplicate_of else "answering",
            edition=item.edition,
            passages=item.passages,
            at=item.published_at,
            by=item.published_by,
            repairs=item.repairs,
            duplicate_of=duplicate_of,
        )
    for gone in shelf.workplace.withdrawals(key):
        if gone.key not in seen:
            seen.add(gone.key)
            yield DocumentRow(
                key=gone.key, meta=gone.meta, state="withdrawn", edition=gone.edition, at=gone.at, by=gone.by
            )
    for waiting in shelf.papers.held():
        meta = waiting.draft.meta
        if meta.key.startswith(key):  # also where an earlier edition goes on answering
            yield DocumentRow(key=meta.key, meta=meta, state="held", passages=len(waiting.draft.passages))


def _matches(row: DocumentRow, query: ListQuery) -> bool:
    if query.key and row.key != query.key:
        return False
    if query.audience is not None and row.meta.audience is not query.audience:
        return False
    if query.state is not None and row.state != query.state:
        return False
    meta = row.meta
    text = fold(f"{meta.title} {meta.number} {meta.organisation} {meta.document_type} {row.key}")
    return all(word in text for word in fold(query.words).split())
