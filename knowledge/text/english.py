"""Tells English from Vietnamese, both from other languages; finds the guides' words for what is asked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from knowledge.text.folding import fold, has_marks
from knowledge.text.scripts import in_another_script

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)
_PLURAL = 3  # letters; longer words lose a plural -s
_ENGLISH_SHARE = 0.6  # of words that are English function words, or no Vietnamese syllable
_READABLE_SHARE = 0.6  # of words that a Vietnamese syllable, a word in short or English could be
_LONGEST_PHRASE = 5  # words


@dataclass(frozen=True, slots=True)
class English:
    """What `english.toml` holds."""

    words: frozenset[str]
    both: frozenset[str]
    phrases: dict[tuple[str, ...], str]


@cache
def english() -> English:
    """The English words that ship with the package."""
    raw = tomllib.loads((resources.files("knowledge.text") / "english.toml").read_text(encoding="utf-8"))
    phrases = {tuple(_words(phrase)): meaning for phrase, meaning in raw["phrases"].items()}
    return English(
        frozenset(raw["words"]["english"].split()), frozenset(raw["words"]["both"].split()), phrases
    )


def is_english(text: str, *, shorthand: frozenset[str] = frozenset()) -> bool:
    """Whether *text* reads as English: no marks, mostly English words; *shorthand* does not count."""
    if has_marks(text):
        return False
    words = [word for word in re.findall(r"[a-z']+", text.lower()) if word not in shorthand]
    if not words:
        return False
    known = english()
    sure = sum(word in known.words and word not in known.both for word in words)
    foreign = sum(word in known.words or not _SYLLABLE.fullmatch(word) for word in words)
    return sure > 0 and foreign >= _ENGLISH_SHARE * len(words)


def is_readable(text: str, *, shorthand: frozenset[str] = frozenset()) -> bool:
    """
    Whether *text* reads as Vietnamese or English, and not as French, Indonesian or another script.

    Strict: what is badly mistyped does not read as either. Signs and numbers count for nothing.
    """
    if in_another_script(text):
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", fold(text)) if word not in shorthand]
    held = sum(word in english().words or _SYLLABLE.fullmatch(word) is not None for word in words)
    return held >= _READABLE_SHARE * len(words) or is_english(text, shorthand=shorthand)


def into_vietnamese(text: str) -> str:
    """The Vietnamese words for what an English *text* is about, phrase by phrase; unknown words fall away."""
    words, phrases = _words(text), english().phrases
    found: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(min(_LONGEST_PHRASE, len(words) - at), 0, -1)
        size = next((size for size in sizes if tuple(words[at : at + size]) in phrases), 0)
        if size:
            found.append(phrases[tuple(words[at : at + size])])
        at += max(size, 1)
    return " ".join(dict.fromkeys(found))


def _words(text: str) -> list[str]:
    words = re.findall(r"[a-z]+|\d+", text.lower())
    return [_singular(word) for word in words]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _PLURAL and word.endswith("s") and not word.endswith("ss") else word
