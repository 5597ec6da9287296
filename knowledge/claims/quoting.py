"""
Finds a quote in its passage and what the checks may read beside it. Pure.

Compared word by word: case, tone placement, spacing, punctuation, emphasis and the marks of lists do not
count, letters and digits do. What is found is given back verbatim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from knowledge.claims.model import Fault
from knowledge.claims.spelling import composed, plain_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_WORDS: Final = 4  # of a quote
LEAST_SPOKEN: Final = 3  # of them that are no numbers
LEAST_CHARACTERS: Final = 12
LONGEST: Final = 900  # characters, from the first run of a quote to its last

_WORD = re.compile(r"[^\W_]+")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3,})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,})\s*")
_MARK = re.compile(r"(?m)^[ \t]*(?:[-•+*]|\d{1,3}[a-zđ]?[.)]|[a-zđ]{1,2}\))[ \t]+")
# A sentence ends before a capital letter, so that "0769.04.04.04" and "TP. 3" stay whole.
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’*)]*\s+(?=[*\"“‘(]*([^\W\d_]))")
_CLAUSE = re.compile(r"^(\d{1,3}[a-zđ]?)\.\s")
_POINT = re.compile(r"^([a-zđ]{1,2})\)\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a passage: where it stands, its khoản and điểm if it is in one, the line that leads it."""

    start: int
    end: int
    clause: str
    point: str
    lead: tuple[int, int] | None  # of the line with a colon that it belongs to


@dataclass(frozen=True, slots=True)
class Located:
    """
    A quote, found.

    `verbatim` is the run of the passage; `said` the whole sentences that the quote touches, one a line;
    `line` the whole lines; `lead` what leads them into a list, or "". `places` are the (khoản, điểm) touched.
    """

    verbatim: str
    said: str
    line: str
    lead: str
    places: tuple[tuple[str, str], ...]


def locate(text: str, quote: str) -> Located | Fault:
    """*quote* in the passage *text*, or why it does not count."""
    runs = [said for part in _ELLIPSIS.split(quote) if (said := _words_of(part))]
    spoken = sum(not word.isdigit() for run in runs for word in run)
    if sum(map(len, runs)) < LEAST_WORDS or spoken < LEAST_SPOKEN or len(quote) < LEAST_CHARACTERS:
        return Fault.QUOTE_SHORT
    placed = _placed(text)
    spans: list[tuple[int, int]] = []
    behind = 0
    for run in runs:
        found = _find(placed, run, behind)
        if found is None:
            return Fault.QUOTE_MISSING
        spans.append((placed[found[0]][1], placed[found[1] - 1][2]))
        behind = found[1]
    first, last = spans[0][0], _with_sign(text, spans[-1][1])
    if last - first > LONGEST:
        return Fault.QUOTE_MISSING
    return _located(text, text[first:last], spans)


def _located(text: str, verbatim: str, spans: Sequence[tuple[int, int]]) -> Located:
    lines = [line for line in lines_of(text) if _touches(line.start, line.end, spans)]
    sentences = [
        text[a:b]
        for line in lines
        for a, b in _sentences(text, line.start, line.end)
        if _touches(a, b, spans)
    ]
    leads = dict.fromkeys(line.lead for line in lines if line.lead)
    return Located(
        verbatim=verbatim,
        said="\n".join(sentences),
        line="\n".join(text[line.start : line.end] for line in lines),
        lead="\n".join(_last_sentence(text, *lead) for lead in leads),
        places=tuple(dict.fromkeys((line.clause, line.point) for line in lines)),
    )


def _last_sentence(text: str, start: int, end: int) -> str:
    *_, last = _sentences(text, start, end)
    return text[last[0] : last[1]]


def _words_of(text: str) -> list[str]:
    return [plain_word(match.group()) for match in _WORD.finditer(composed(text))]


@lru_cache(maxsize=512)
def _placed(text: str) -> tuple[tuple[str, int, int, bool], ...]:
    """The words of *text*: spelled plainly, where each begins and ends, whether it is the mark of a list."""
    marks = {at for match in _MARK.finditer(text) for at in range(match.start(), match.end())}
    return tuple(
        (plain_word(match.group()), match.start(), match.end(), match.start() in marks)
        for match in _WORD.finditer(text)
    )


def _find(
    words: Sequence[tuple[str, int, int, bool]], run: Sequence[str], begin: int
) -> tuple[int, int] | None:
    """Where *run* first stands from *begin* on, marks of lists read over, as (first, behind last)."""
    for first in range(begin, len(words)):
        if words[first][0] != run[0]:
            continue
        at, met = first, 0
        while at < len(words) and met < len(run):
            if words[at][0] == run[met]:
                met += 1
            elif not words[at][3]:
                break
            at += 1
        if met == len(run):
            return first, at
    return None


def _with_sign(text: str, end: int) -> int:
    """*end*, moved behind the sign that closes the sentence and the emphasis around it."""
    closing = re.compile(r"\*{0,2}[%)\"”’]*[.!?]?").match(text, end)
    return closing.end() if closing else end


def _touches(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


@lru_cache(maxsize=512)
def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of *text* that hold anything."""
    lines: list[Line] = []
    lead: tuple[int, int] | None = None
    clause, clause_lead = "", None
    for start, end in _spans(text):
        content = text[start:end]
        listed = _MARK.match(content) is not None
        number, point = _CLAUSE.match(content), _POINT.match(content)
        if number:
            clause, clause_lead = number[1], None
        elif not listed:
            clause = ""
        own = clause_lead if point and clause else lead if listed else None
        lines.append(Line(start, end, clause, point[1] if point else "", own))
        if content.rstrip("* ").endswith(":"):
            if number:
                clause_lead = (start, end)
            elif not listed:
                lead = (start, end)
        elif not listed:
            lead = None
    return tuple(lines)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if match[1].isupper():
            yield begin, match.start()
            begin = match.end()
    if begin < end:
        yield begin, end
