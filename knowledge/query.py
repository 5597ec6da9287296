"""
Reads a question: its language, its abbreviations, the law's words for everyday ones.

Expansion adds, it never replaces what was typed on the lexical side. Pure but for the lexicon file.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.lexical import Terms, terms_of
from knowledge.text.concepts import concepts_of
from knowledge.text.folding import fold, has_marks, normalise, syllables

if TYPE_CHECKING:
    from knowledge.text.restore import Restorer

_ENGLISH = frozenset(
    "the is are was were a an how what where when who whom which why do does did can could should would may"
    " i my me you your we our he she his her they their someone somebody anyone people of to for from with"
    " about and or if not there this that it in on at after before report tell police husband neighbor"
    " neighbour house prison stolen number call help need want get have has been being".split()
)
# Vietnamese syllables that are English words too, when written without marks.
_BOTH = frozenset("a an i do can me my to in on at it or if he she may the get of".split())
_ENGLISH_SHARE = 0.5
_MARKED_SHARE = 0.25  # from this share of marked words on, a text counts as typed with marks


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    A question made ready for both sides of the search.

    `terms` are what was typed, in full words; `added` the law's words for it; `dense` the text to embed.
    """

    typed: str
    english: bool
    marked: bool
    terms: Terms
    added: Terms
    dense: str


def is_english(text: str) -> bool:
    """Whether *text* reads as English: no marks, and mostly English function words."""
    if has_marks(text):
        return False
    words = re.findall(r"[a-z']+", text.lower())
    if not words:
        return False
    hits = sum(word in _ENGLISH for word in words)
    sure = sum(word in _ENGLISH and word not in _BOTH for word in words)
    return sure > 0 and hits >= _ENGLISH_SHARE * len(words)


def spell_out(text: str) -> str:
    """*text* with its abbreviations in full words, lower case: `bao ca xa dc ko` → `báo công an xã được không`."""
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


def _typed_with_marks(typed: str) -> bool:
    words = syllables(typed)
    return sum(map(has_marks, words)) > _MARKED_SHARE * len(words)


def concepts_in(text: str) -> tuple[str, ...]:
    """What *text* is about, its abbreviations read out first; see `knowledge.text.concepts`."""
    return concepts_of(spell_out(text), marked=_typed_with_marks(text))


def read_query(text: str, restorer: Restorer) -> Query:
    """Make *text* ready to be searched for."""
    typed = normalise(text)
    if is_english(typed):
        nothing = terms_of("")
        return Query(typed=typed, english=True, marked=False, terms=terms_of(typed), added=nothing, dense=text)
    full = spell_out(typed)
    marked = _typed_with_marks(typed)
    plain = terms_of(full)
    # Unmarked syllables say nothing about how the corpus marks them.
    exact = plain.exact if marked else ()
    terms = Terms(exact, plain.folded, plain.pairs, concepts_of(full, marked=marked))
    if not marked:
        dense = restorer.restore(full)
    else:
        dense = text if full == " ".join(syllables(typed)) else full
    return Query(
        typed=typed, english=False, marked=marked, terms=terms, added=terms_of(lay_words(full)), dense=dense
    )
