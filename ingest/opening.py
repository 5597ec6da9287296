"""
Where a passage stands in its original, as the part of a link after `#`.

A browser opens a PDF at its page. Of every other format the stored passages are shown as a text with an
anchor for each: nobody's browser opens a sheet of a workbook at its row.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.media_types import PDF
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import Original, Passage, PassageDraft

_PAGE: Final = re.compile(r"(?:^|, )tr\. (\d{1,6})\b")
_DIGEST: Final = 10  # hexadecimal digits
_PICTURES: Final = frozenset(("image/png", "image/jpeg", "image/webp"))
_CELLS: Final = " | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One passage of the text view. `table` holds its rows where it is one: each row has the same cells."""

    id: str  # for `id=` and for a link's fragment
    locator: str
    heading: str
    text: str
    table: tuple[tuple[str, ...], ...] = ()


def page_of(locator: str) -> int | None:
    """The page a locator names: 2 of `khoản 1–3 Điều 5, tr. 2`; None where it names none."""
    found = _PAGE.findall(locator)
    return int(found[-1]) if found else None


def opens_itself(original: Original) -> bool:
    """Whether a browser opens the file at a place, so that a link may lead into it."""
    return original.media_type == PDF


def shown_inline(original: Original) -> bool:
    """Whether a browser may show the file by itself: never a page, which could hold a script."""
    return original.media_type in _PICTURES or opens_itself(original)


def fragment(item: Passage | PassageDraft, original: Original | None) -> str:
    """`#page=2` where the original opens itself, else `#` and the anchor of *item* in the text view."""
    if original is not None and opens_itself(original):
        page = page_of(item.locator)
        return f"#page={page}" if page else "#page=1"
    return f"#{part_id(item)}"


def part_id(item: Passage | PassageDraft) -> str:
    """The anchor of *item* in the text view: letters, digits and hyphens, one for each of the document's."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(item.anchor)).strip("-")
    if plain == item.anchor:
        return f"doan-{plain}"
    # What folding lost may be what told two anchors apart.
    return f"doan-{plain}-{hashlib.sha256(item.anchor.encode()).hexdigest()[:_DIGEST]}"


def parts(passages: Sequence[Passage | PassageDraft]) -> tuple[Part, ...]:
    """The text view of a document: every passage in order."""
    return tuple(
        Part(
            id=part_id(item),
            locator=item.locator,
            heading=item.heading,
            text=item.text,
            table=_table(item.text),
        )
        for item in passages
    )


def _table(text: str) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(line.split(_CELLS)) for line in text.split("\n")]
    width = len(rows[0])
    return tuple(rows) if width > 1 and all(len(row) == width for row in rows) else ()
