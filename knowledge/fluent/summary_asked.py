"""Reads a wish for a summary, and which document it means. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from knowledge.authority import day_of
from knowledge.law_register import number_key
from knowledge.numbers import laws_in, numbers_asked
from knowledge.text.folding import fold, syllables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.model import DocumentMeta

MOST_MEANT: Final = 3
_WISH: Final = re.compile(
    r"^\W*(?:(?:hay|giup|nho|xin|vui long|ban|em|a|oi|cho (?:toi|minh|em|tui)|please|can you|could you)\W+)*"
    r"(?:tom tat|tom luoc|tom gon|noi gon|summari[sz]e|sum up|give me a summary of|summary of)\b"
)
# Said of any document: they do not tell which.
_ANY: Final = frozenset(
    syllables(
        "giup toi minh em tui cho nhe nha a voi di lai ngan gon y chinh noi dung cua ve van ban tai lieu cai "
        "tep nay do kia please the of an document text paper file for me briefly main points"
    )
)
_FEWEST: Final = 2  # words that must name a document
_SHARE: Final = 0.75  # of those words that its title must hold


@dataclass(frozen=True, slots=True)
class SummaryAsked:
    """What names the wanted document: số hiệu as keys, and the words left, folded."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]


def summary_asked(question: str) -> SummaryAsked | None:
    """What *question* wants summed up; None where it wants no summary or names nothing."""
    plain = fold(question).lower()
    wish = _WISH.search(plain)
    if wish is None:
        return None
    named = question[wish.end() :] if len(question) == len(plain) else plain[wish.end() :]
    numbers = tuple(sorted({*laws_in(named), *map(number_key, numbers_asked(named).laws)}))
    words = tuple(word for word in map(fold, syllables(named)) if word not in _ANY)
    return SummaryAsked(numbers, words) if numbers or len(words) >= _FEWEST else None


def documents_meant(wanted: SummaryAsked, held: Sequence[DocumentMeta]) -> list[DocumentMeta]:
    """Of *held* what *wanted* names, at most `MOST_MEANT`: by số hiệu, or else by the words of the title."""
    numbered = [meta for meta in held if meta.number and number_key(meta.number) in wanted.numbers]
    if numbered or (wanted.numbers and not wanted.words):
        return _newest(numbered)
    shares = [(share, meta) for meta in held if (share := _share(wanted.words, meta)) >= _SHARE]
    best = max((share for share, _ in shares), default=0.0)
    return _newest([meta for share, meta in shares if share == best])


def _share(words: tuple[str, ...], meta: DocumentMeta) -> float:
    title = {fold(word) for word in syllables(f"{meta.title} {meta.number} {meta.area}")}
    return sum(word in title for word in words) / len(words) if len(words) >= _FEWEST else 0.0


def _newest(found: Sequence[DocumentMeta]) -> list[DocumentMeta]:
    ordered = sorted(found, key=lambda meta: (day_of(meta) or date.min, meta.key), reverse=True)
    return ordered[:MOST_MEANT]
