"""
How hard a Vietnamese text is to read: how long its sentences are, and how much of it is the law's language.

No grade level is promised. Published formulas for Vietnamese rest on the length of sentences and the
difficulty of words; docs/decisions/0026 says what was found of them, and how the bar was set.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

LONG_SENTENCE = 30  # syllables
_SYLLABLE = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*|\d[\d.,/–-]*")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$|[”\")\]*])|\n|→")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d+[.)]|[a-zđ]\))\s+", re.MULTILINE)
_MARKUP = re.compile(r"\*\*|__|`|^#+\s*|\[([^\]]*)\]\([^)]*\)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readability:
    """
    What makes *text* hard.

    `mean_sentence` and `longest` in syllables; `long_share` of sentences above `LONG_SENTENCE`, 0…1;
    `hard_share` of syllables that belong to the law's words, 0…1.
    """

    sentences: int
    mean_sentence: float
    longest: int
    long_share: float
    hard_share: float


def measure(text: str) -> Readability:
    """The figures of *text*, Markdown or plain; a list's item and a line count as a sentence's end."""
    lengths = [length for part in sentences(text) if (length := len(_SYLLABLE.findall(part)))]
    total = sum(lengths)
    if not lengths:
        return Readability(sentences=0, mean_sentence=0, longest=0, long_share=0, hard_share=0)
    return Readability(
        sentences=len(lengths),
        mean_sentence=total / len(lengths),
        longest=max(lengths),
        long_share=sum(length > LONG_SENTENCE for length in lengths) / len(lengths),
        hard_share=_hard_syllables(text) / total,
    )


def sentences(text: str) -> list[str]:
    """The sentences of *text* without its Markdown, empty ones left out."""
    plain = _MARKUP.sub(lambda found: found[1] or "", unicodedata.normalize("NFC", text))
    return [part.strip() for part in _SENTENCE_END.split(_LIST_MARK.sub("", plain)) if part.strip()]


def _hard_syllables(text: str) -> int:
    plain = " ".join(_SYLLABLE.findall(unicodedata.normalize("NFC", text).lower()))
    return sum(len(found.split()) for found in _hard_pattern().findall(plain))


@lru_cache(maxsize=1)
def _hard_pattern() -> re.Pattern[str]:
    table = (resources.files("ingest") / "hard_words.toml").read_text("utf-8")
    words: list[str] = tomllib.loads(table)["words"]
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first))})(?!\S)")
