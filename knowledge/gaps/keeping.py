"""
Decides what of a question without an answer is kept: redacted, or nothing.

In doubt nothing is kept. What reports something, calls for help, tells a story or one person's case is no gap
in the guidance, and must not lie about unsealed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from knowledge.follow_up import leans_on_previous
from knowledge.gaps.redaction import LEADING, PLACEHOLDERS, redact
from knowledge.intent import looks_like_tip
from knowledge.text.folding import folded_syllables, normalise

LONGEST: Final = 200  # characters; longer is a story
SHORTEST_WORDS: Final = 3
_STATEMENT: Final = 2  # sentences without a question before it is a story
_CLAUSES: Final = 4  # more is somebody telling what happened
_REPEATED: Final = re.compile(r"([^\W\d_])\1+")
_NEAR_THE_END: Final = 2  # words
_PLACEHOLDER: Final = re.compile("|".join(map(re.escape, PLACEHOLDERS)))


@dataclass(frozen=True, slots=True)
class _Lists:
    asks: re.Pattern[str]
    asks_at_the_end: frozenset[str]
    deeds: re.Pattern[str]
    small_talk: frozenset[str]
    abuse: re.Pattern[str]
    abuse_marked: re.Pattern[str]


@cache
def _lists() -> _Lists:
    raw = tomllib.loads((resources.files("knowledge.gaps") / "keeping.toml").read_text(encoding="utf-8"))

    def any_of(name: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, raw[name]))})(?!\w)")

    return _Lists(
        asks=any_of("asks"),
        asks_at_the_end=frozenset(raw["asks_at_the_end"]),
        deeds=any_of("deeds"),
        small_talk=frozenset(raw["small_talk"]),
        abuse=any_of("abuse"),
        abuse_marked=any_of("abuse_marked"),
    )


def kept_of(question: str, previous: tuple[str, ...] = ()) -> str | None:
    """
    *question* as it may be kept, redacted; None where it is not to be kept at all.

    Args:
        question: As typed.
        previous: The asker's questions before it: what leans on them says nothing alone.
    """
    text = " ".join(question.split())
    words = folded_syllables(text)
    if len(text) > LONGEST or len(words) < SHORTEST_WORDS or not _is_question(text, words):
        return None
    plain = " ".join(words)
    lists = _lists()
    if plain in lists.small_talk or lists.abuse.search(plain) or lists.abuse_marked.search(normalise(text)):
        return None
    if (previous and leans_on_previous(text)) or looks_like_tip(text):
        return None
    redacted = redact(text)
    if any(sign in redacted for sign in LEADING) and lists.deeds.search(plain):
        return None
    left, taken = folded_syllables(_PLACEHOLDER.sub(" ", redacted)), len(_PLACEHOLDER.findall(redacted))
    return redacted if len(left) >= SHORTEST_WORDS + taken else None


def _is_question(text: str, words: list[str]) -> bool:
    """Whether somebody asks: by a question mark or a word for it, and not after sentences that tell."""
    told = [part for part in re.split(r"[.!;\n]+(?:\s|$)", text) if part.strip()]
    if len(told) > _STATEMENT or len(re.split(r"[,;:]\s", text)) > _CLAUSES:
        return False
    lists = _lists()
    if "?" in text or lists.asks.search(_REPEATED.sub(r"\1", " ".join(words))):  # khoong, aii, saoo
        return True
    parts = (folded_syllables(_REPEATED.sub(r"\1", part)) for part in re.split(r"[,;:.!]", text))
    return any(word in lists.asks_at_the_end for part in parts for word in part[-_NEAR_THE_END:])
