"""
The lexicon: abbreviations as people type them, regional words, and the law's words for everyday ones.

Expansion adds; on the lexical side it never replaces what was typed. A key is met by a word typed just
so, or by one typed without its marks; a word typed with other marks is another word.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from knowledge.text.folding import fold, normalise, syllables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REGIONS = ("north", "centre", "south")


class PhraseTable:
    """Phrases and what each stands for, found in a list of words, the longest first."""

    def __init__(self, entries: Mapping[str, str], *, needs_marks: frozenset[str] = frozenset()) -> None:
        """Keep *entries*; those of *needs_marks* are met only where they are typed with their marks."""
        # folded first word → (words as written, words folded or None, meaning), the longest first
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...] | None, str]]] = {}
        for key, meaning in sorted(entries.items(), key=lambda entry: -len(entry[0].split())):
            written = tuple(syllables(key))
            bare = tuple(map(fold, written))
            plain = None if key in needs_marks else bare
            self._by_first.setdefault(bare[0], []).append((written, plain, normalise(meaning)))

    def at(self, words: list[str], bare: list[str], at: int) -> tuple[int, str] | None:
        """The longest phrase that begins at *at*, as (number of words, meaning)."""
        for written, plain, meaning in self._by_first.get(bare[at], ()):
            size = len(written)
            if _meets(words[at : at + size], written, plain):
                return size, meaning
        return None

    def replaced(self, words: list[str]) -> Iterator[tuple[int, str]]:
        """*words* from left to right as (number of words read, what stands for them)."""
        bare = [fold(word) for word in words]
        at = 0
        while at < len(words):
            size, meaning = self.at(words, bare, at) or (1, words[at])
            yield size, meaning
            at += size

    def found(self, words: list[str]) -> list[str]:
        """The meanings of all phrases in *words*, overlapping ones too, each once."""
        bare = [fold(word) for word in words]
        found: dict[str, None] = {}
        for at, first in enumerate(bare):
            for written, plain, meaning in self._by_first.get(first, ()):
                if _meets(words[at : at + len(written)], written, plain):
                    found[meaning] = None
        return list(found)


def _meets(typed: list[str], written: tuple[str, ...], plain: tuple[str, ...] | None) -> bool:
    if len(typed) != len(written):
        return False
    if plain is None:
        return tuple(typed) == written
    return all(word in pair for word, *pair in zip(typed, written, plain, strict=True))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What `lexicon.toml` and `dialects.toml` hold."""

    abbreviations: dict[str, str]
    phrases: dict[str, str]
    lay: dict[str, str]
    regional: dict[str, dict[str, str]]  # region → what is said there → the word that is written
    needs_marks: frozenset[str]
    left_out: dict[str, tuple[str, ...]]  # a word that is never expanded → what it can mean

    @property
    def size(self) -> int:
        """How many entries stand in all."""
        parts = (self.abbreviations, self.phrases, self.lay, *self.regional.values())
        return sum(map(len, parts))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("knowledge.text") / name).read_text(encoding="utf-8"))


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    raw, dialects = _table("lexicon.toml"), _table("dialects.toml")
    return Lexicon(
        raw["abbreviations"],
        raw["phrases"],
        raw["lay"],
        {region: dialects[region] for region in REGIONS},
        frozenset((*raw["needs_marks"]["words"], *dialects["needs_marks"]["words"])),
        {word: tuple(readings) for word, readings in raw["left_out"].items()},
    )


@cache
def _tables() -> dict[str, PhraseTable]:
    known = lexicon()
    regional = {key: meaning for words in known.regional.values() for key, meaning in words.items()}
    return {
        "phrases": PhraseTable(known.phrases),
        "lay": PhraseTable(known.lay, needs_marks=known.needs_marks),
        "regional": PhraseTable(regional, needs_marks=known.needs_marks),
    }


def spell_out(text: str) -> str:
    """*text* with its abbreviations in full words: `bao ca xa dc ko` → `báo công an xã được không`."""
    abbreviations = lexicon().abbreviations
    return " ".join(
        abbreviations.get(full, full) if size == 1 else full
        for size, full in _tables()["phrases"].replaced(syllables(text))
    )


def standard_words(text: str) -> str:
    """*text* with its regional words as they are written: `răng rứa` → `sao vậy`."""
    return " ".join(meaning for _, meaning in _tables()["regional"].replaced(syllables(text)))


def lay_words(text: str) -> str:
    """The law's words for the everyday words found in *text*, joined; empty for none."""
    return " ".join(_tables()["lay"].found(syllables(text)))
