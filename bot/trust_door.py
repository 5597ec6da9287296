"""Opens the gate before a library: for a command, and for what the service brings in by itself."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingest.originals import Originals
from ingest.trust.book import TrustBook
from ingest.trust.gate import TrustGate
from ingest.trust.sources import read_sources
from knowledge.folder import DataFolder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from ingest.trust.flags import Code
    from ingest.trust.shelf import Shelf


@contextmanager
def open_gate(  # noqa: PLR0913 - all named
    data: Path,
    shelf: Shelf,
    *,
    who: str,
    paths: Mapping[str, Path] | None = None,
    accepted: Collection[Code] = (),
    today: date | None = None,
) -> Iterator[TrustGate]:
    """
    The gate before *shelf*, with the book, lists and originals of the *data* folder.

    At the end the book is closed; where something was changed, originals that nothing refers to any more go.
    """
    sources = read_sources(data)
    originals = Originals(DataFolder(data).originals)
    book = TrustBook.open(data)
    try:
        gate = TrustGate(
            shelf,
            book=book,
            sources=sources,
            today=today or datetime.now(UTC).astimezone().date(),
            paths=paths,
            accepted=accepted,
            who=who,
            originals=originals,
        )
        yield gate
        if gate.has_changed:
            originals.sweep(book.originals() | shelf.originals())
    finally:
        book.close()
