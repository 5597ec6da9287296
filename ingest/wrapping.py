"""Lines that a margin cut, or a converter put one word on each, joined to paragraphs again. Pure."""

from __future__ import annotations

import re
import statistics
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.repairs import Repair

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIST_MARK = re.compile(
    r"(?:[-–+•*●▪]\s|\d{1,3}[a-zđ]?[.)]\s|[a-zđ]{1,2}\d?\)\s|[IVXL]+\.\s|#|\|)|(?:Điều|Chương|Mục|Phần|PHẦN|CHƯƠNG|MỤC)\s+\S"
)
_TITLE = re.compile(r"(?:Điều|Chương|Mục)\s+\w+\s*[.:]")
_FULL = 0.75  # of the width: from there on a line reaches the margin
_WIDEST = 140  # characters: nobody wraps wider than that
_WORDS_ENOUGH = 20  # lines before "one word a line" is believed
_ONE_WORD_SHARE = 0.9  # of the lines
_DIVISION = re.compile(r"(?:Điều|Chương|Mục|Phần|PHẦN|CHƯƠNG|MỤC|Khoản)$")
_NUMBER = re.compile(r"(?:\d{1,4}|[IVXLC]+)[a-zđ]?\s?[.:]?")
_ITEM = re.compile(r"(?:[-–+•●▪]|\d{1,3}[.)]|[a-zđ]{1,2}\d?\)|[IVXL]+\.)")


def unwrap(lines: Sequence[str], noted: set[Repair] | None = None) -> list[str]:
    """*lines* with hard wraps undone, if they are wrapped at all; headings and list items stay apart."""
    if _is_word_a_line(lines):
        _note(noted, Repair.WORD_A_LINE)
        return _from_words(lines)
    if not _is_wrapped(lines):
        return list(lines)
    _note(noted, Repair.HARD_WRAPS)
    width = max(len(line) for line in lines)
    joined: list[str] = []
    previous = ""
    for line in lines:
        if joined and joined[-1] and line and continues(previous, line, full=len(previous) >= _FULL * width):
            joined[-1] += " " + line
        else:
            joined.append(line)
        previous = line
    return joined


def continues(previous: str, line: str, *, full: bool) -> bool:
    """Whether *line* goes on with the paragraph that *previous* (*full*: it reaches the margin) ends."""
    if _LIST_MARK.match(line):
        return False
    if line[:1].islower() or previous.endswith((",", " và", "(")):
        return True
    return full and not _TITLE.match(previous) and not previous.endswith((".", ":", ";", "!", "?", "”", '"'))


def _is_wrapped(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line]
    if len(filled) < 4 or max(map(len, filled)) > _WIDEST:  # noqa: PLR2004 - too few to tell
        return False
    carried = sum(
        1
        for line, after in pairwise(lines)
        if line and after[:1].islower() and not _LIST_MARK.match(after) and line[-1] not in ".;:!?"
    )
    return carried >= max(2, 0.15 * len(filled))


def _is_word_a_line(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line]
    if len(filled) < _WORDS_ENOUGH:
        return False
    single = sum(1 for line in filled if " " not in line)
    return single >= _ONE_WORD_SHARE * len(filled) and statistics.mean(map(len, filled)) < 8  # noqa: PLR2004 - a syllable


def _from_words(lines: Sequence[str]) -> list[str]:
    """Paragraphs out of single words, cut at empty lines and before items and headings after a full stop."""
    cut_at_blanks = _blanks_mean_paragraphs(lines)
    paragraphs: list[str] = []
    words: list[str] = []

    def close() -> None:
        if words:
            paragraphs.append(" ".join(words))
            words.clear()

    for place, word in enumerate(lines):
        if not word:
            if cut_at_blanks:
                close()
            continue
        after = next((line for line in lines[place + 1 : place + 3] if line), "")
        if words and _opens(words[-1], word, after):
            close()
        words.append(word)
    close()
    return paragraphs


def _opens(before: str, word: str, after: str) -> bool:
    if _DIVISION.match(word) and _NUMBER.fullmatch(after) and after.endswith((".", ":")):
        return True
    return bool(_ITEM.fullmatch(word)) and before.endswith((".", ";", ":", "!", "?")) and after[:1] != ""


def _blanks_mean_paragraphs(lines: Sequence[str]) -> bool:
    """Empty lines between all words mean nothing; between some they end paragraphs."""
    blank = sum(1 for line in lines if not line)
    return blank < len(lines) / 3


def _note(noted: set[Repair] | None, repair: Repair) -> None:
    if noted is not None:
        noted.add(repair)
