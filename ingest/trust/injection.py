"""Orders to a machine inside a document. Documents are data: nobody follows them; people should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.trust.flags import Code, Flag, sample_of
from ingest.trust.sentences import sheet
from knowledge.text.orders import order_spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.trust.sentences import Sheet

HIDDEN = "hidden"  # where what the page does not show was found


def injected(page: Sheet) -> list[tuple[int, int]]:
    """The spans of *page* that give orders to a machine, sorted."""
    return order_spans(page.text, page.plain, is_shown=page.where != HIDDEN)


def injection_flags(page: Sheet) -> list[Flag]:
    """One flag for each sentence of *page* that gives orders to a machine."""
    spans = injected(page)
    return [
        Flag(Code.INJECTION, page.where, sample_of(sentence.text))
        for sentence in page.sentences
        if any(start < sentence.end and end > sentence.start for start, end in spans)
    ]


def hidden_flags(hidden: Iterable[str]) -> list[Flag]:
    """Flags for *hidden* texts of a page (comments, invisible elements); harmless ones give none."""
    return [flag for text in hidden for flag in injection_flags(sheet(text, HIDDEN))[:1]]
