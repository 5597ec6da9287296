"""
What a text is about, in one word for all the words people use for it.

`concepts_of` finds the groups of `concepts.toml` in a text: "nhà bên", "láng giềng" and "hàng xóm" are
all `hang-xom`. A question and a guide that share no word may still share their concepts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

from knowledge.text.folding import fold, syllables, typed_with_marks
from knowledge.text.lexicon import spell_out

_MARKED_SHARE = 0.25  # from this share of marked words on, a text counts as typed with marks

# first syllable → the phrases that begin with it, each with its slugs
_Index: TypeAlias = dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]


@dataclass(frozen=True, slots=True)
class Concepts:
    """What `concepts.toml` holds: slug → phrases, and the short words that stay clear without marks."""

    groups: dict[str, tuple[str, ...]]
    folded_ok: frozenset[str]


@cache
def concepts() -> Concepts:
    """The concepts that ship with the package."""
    raw = tomllib.loads((resources.files("knowledge.text") / "concepts.toml").read_text(encoding="utf-8"))
    groups = {slug: tuple(phrases) for slug, phrases in raw["concepts"].items()}
    return Concepts(groups, frozenset(raw["folded_ok"]["words"]))


def concepts_in(text: str) -> tuple[str, ...]:
    """The concepts of *text* as typed, its abbreviations read out first."""
    return concepts_of(spell_out(text), marked=typed_with_marks(text))


def concepts_of(text: str, *, marked: bool | None = None) -> tuple[str, ...]:
    """
    The concepts of *text*, each once, in the order they are first said.

    *marked* says whether *text* was typed with Vietnamese marks; a caller who has spelled out its
    abbreviations knows better than the text, which is asked when *marked* is None.
    """
    words = syllables(text)
    bare = words if marked else [fold(word) for word in words]
    if marked is None:
        marked = sum(map(str.__ne__, words, bare)) > _MARKED_SHARE * len(words)
    return _found(words if marked else bare, _index(marked=marked))


def _found(words: list[str], index: _Index) -> tuple[str, ...]:
    """The slugs of what *index* knows in *words*; a phrase within a longer one is passed over."""
    found: dict[str, None] = {}
    reached = 0
    for at, word in enumerate(words):
        for phrase, slugs in index.get(word, ()):
            end = at + len(phrase)
            if end > reached and tuple(words[at:end]) == phrase:
                found.update(dict.fromkeys(slugs))
                reached = end
                break
    return tuple(found)


@cache
def _index(*, marked: bool) -> _Index:
    """Every phrase under its first syllable, the longest first; the unclear ones left out without marks."""
    known = concepts()
    slugs: dict[tuple[str, ...], dict[str, None]] = {}
    for slug, phrases in known.groups.items():
        for phrase in phrases:
            words = syllables(phrase if marked else fold(phrase))
            if marked or len(words) > 1 or words[0].isdecimal() or words[0] in known.folded_ok:
                slugs.setdefault(tuple(words), {})[slug] = None
    index: _Index = {}
    for words_of_phrase in sorted(slugs, key=len, reverse=True):
        index.setdefault(words_of_phrase[0], []).append((words_of_phrase, tuple(slugs[words_of_phrase])))
    return index
