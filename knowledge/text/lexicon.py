"""
The lexicon: abbreviations as people type them, and the law's words for everyday ones.

Expansion adds; on the lexical side it never replaces what was typed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from knowledge.text.folding import fold, syllables


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What `lexicon.toml` holds; phrases and lay words keyed by their folded form."""

    abbreviations: dict[str, str]
    phrases: dict[str, str]
    lay: dict[str, str]


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    raw = tomllib.loads((resources.files("knowledge.text") / "lexicon.toml").read_text(encoding="utf-8"))
    return Lexicon(raw["abbreviations"], raw["phrases"], raw["lay"])


def spell_out(text: str) -> str:
    """*text* with its abbreviations in full words: `bao ca xa dc ko` → `báo công an xã được không`."""
    words = syllables(text)
    phrases, abbreviations = lexicon().phrases, lexicon().abbreviations
    out: list[str] = []
    at = 0
    while at < len(words):
        for size in (4, 3, 2):
            known = phrases.get(" ".join(fold(word) for word in words[at : at + size]))
            if known and at + size <= len(words):
                out.append(known)
                at += size
                break
        else:
            out.append(abbreviations.get(words[at], words[at]))
            at += 1
    return " ".join(out)


def lay_words(text: str) -> str:
    """The law's words for the everyday words found in *text*, joined; empty for none."""
    folded = f" {' '.join(fold(word) for word in syllables(text))} "
    return " ".join(legal for lay, legal in lexicon().lay.items() if f" {lay} " in folded)
