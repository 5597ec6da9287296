"""
Picks what to quote from a passage: a run of it, verbatim, of one to four sentences.

A sentence here is one of prose, or one khoản, điểm or list item of a structured text; a list comes
with the line that leads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lexical import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.query import Query

MOST_SENTENCES = 4
WHOLE_LIMIT = 420  # characters; a passage this short is quoted whole
QUOTE_LIMIT = 900  # characters
_NEIGHBOUR_SHARE = 0.4  # of the best sentence's score, for the one beside it to be quoted too
_LENGTH_PRIOR = 12  # syllables added to a sentence's length, so that a two-word one does not win
_UNIT = re.compile(r"[^\n]*?(?:[.!?;:](?=\s+[^\s\da-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ])|(?=\n)|\Z)", re.DOTALL)
_NUMBER = re.compile(r"\d{1,3}[.)]")
_CLAUSE_BEGINS = re.compile(r"^\d{1,3}[a-zđ]?\.\s", re.MULTILINE)
_POINT_BEGINS = re.compile(r"^([a-zđ]{1,2})\)\s", re.MULTILINE)
_POINT = re.compile(r"(?:[-•+*]|[a-zđ]{1,2}\)|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class _Unit:
    start: int
    end: int
    score: float
    leads: bool  # ends with a colon: what follows belongs to it
    point: bool  # an item of a list


def quote(text: str, query: Query, rarity: Callable[[str], float]) -> str:
    """
    The run of *text* that speaks most to *query*, verbatim.

    Args:
        text: A passage.
        query: What was asked.
        rarity: The weight of a folded syllable or pair.

    Returns:
        A substring of *text*, at most `QUOTE_LIMIT` characters unless its first sentence is longer.
    """
    stripped = text.strip()
    if len(stripped) <= WHOLE_LIMIT:
        return stripped
    wanted = {*query.terms.folded, *query.terms.pairs, *query.added.pairs}
    units = [_read(stripped, start, end, wanted, rarity) for start, end in _spans(stripped)]
    first, last = _widen(units, max(range(len(units)), key=lambda at: units[at].score))
    while last > first and units[last].end - units[first].start > QUOTE_LIMIT:
        last -= 1
    return stripped[units[first].start : units[last].end].strip()


def opening(text: str) -> str:
    """The beginning of *text*, verbatim: whole lines, or else sentences, up to `QUOTE_LIMIT` characters."""
    stripped = text.strip()
    if len(stripped) <= QUOTE_LIMIT:
        return stripped
    cut = max(stripped.rfind("\n", 0, QUOTE_LIMIT), 0)
    ends = [end for _, end in _spans(stripped) if end <= QUOTE_LIMIT]
    return stripped[: max(cut, *ends, 0) or QUOTE_LIMIT].strip()


def clause_of(text: str, number: str) -> str:
    """Khoản *number* of an article's *text*, verbatim with its điểm; "" where it has none."""
    begun = re.search(rf"^{re.escape(number)}\.\s", text, re.MULTILINE)
    if not begun:
        return ""
    after = _CLAUSE_BEGINS.search(text, begun.end())
    return text[begun.start() : after.start() if after else len(text)].strip()


def point_of_clause(text: str, letter: str) -> str:
    """Điểm *letter* of a khoản's *text*; "" for none."""
    points = list(_POINT_BEGINS.finditer(text))
    for at, begun in enumerate(points):
        if begun[1] == letter:
            end = points[at + 1].start() if at + 1 < len(points) else len(text)
            return text[begun.start() : end].strip()
    return ""


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begun: int | None = None
    for match in _UNIT.finditer(text):
        piece = match.group().strip()
        if not piece:
            continue
        start = match.start() if begun is None else begun
        # "1." alone is the number of what follows, not a sentence.
        begun = start if _NUMBER.fullmatch(piece) else None
        if begun is None:
            spans.append((start, match.end()))
    return spans


def _read(text: str, start: int, end: int, wanted: set[str], rarity: Callable[[str], float]) -> _Unit:
    piece = text[start:end].strip()
    terms = terms_of(piece)
    held = wanted & {*terms.folded, *terms.pairs}
    score = sum(rarity(term) for term in held) / (len(terms.folded) + _LENGTH_PRIOR) ** 0.5
    return _Unit(start, end, score, piece.endswith(":"), _POINT.match(piece) is not None)


def _widen(units: Sequence[_Unit], best: int) -> tuple[int, int]:
    first = last = best
    bar = _NEIGHBOUR_SHARE * units[best].score
    while last - first + 1 < MOST_SENTENCES:
        after = units[last + 1].score if last + 1 < len(units) else -1.0
        before = units[first - 1].score if first > 0 else -1.0
        if max(after, before) < bar:
            break
        if after >= before:
            last += 1
        else:
            first -= 1
    lead = _lead_of(units, first)
    in_list = units[lead].leads
    while last + 1 < len(units) and (units[last].leads or (in_list and units[last + 1].point)):
        last += 1
    return lead, last


def _lead_of(units: Sequence[_Unit], at: int) -> int:
    """The line that leads the list *at* stands in, or *at* itself."""
    for earlier in range(at, -1, -1):
        if units[earlier].leads:
            return earlier
        if not units[earlier].point:
            break
    return at
