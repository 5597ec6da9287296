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
from knowledge.text.typing_slips import mend

if TYPE_CHECKING:
    from knowledge.text.restore import Restorer

_ENGLISH = frozenset(
    "the is are was were a an how what where when who whom which why do does did can could should would may must"
    " will have has had been being be i my me you your we our us he she his her him they their them it its"
    " someone somebody anyone people of to for from with without about and or if not no there this that these"
    " those in on at by as under over after before now long much many some any first longer exist keep keeps"
    " report tell police husband wife neighbor neighbour house prison prisoner stolen number call help need"
    " want get give money loan business drug law crime child children name former tip".split()
)
# Vietnamese syllables that are English words too, when written without marks.
_BOTH = frozenset("a an i do can me my to in on at it or if he she may the get of be by no us tip long will him".split())
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?"
)
_PLURAL = 3  # letters; longer words lose a plural -s
_ENGLISH_SHARE = 0.6  # of words that are English function words, or no Vietnamese syllable
_TRUST_IN_MARKS = 4.0  # natural logarithms; see `Restorer.restore`
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
    words = [word for word in re.findall(r"[a-z']+", text.lower()) if word not in lexicon().abbreviations]
    if not words:
        return False
    sure = sum(word in _ENGLISH and word not in _BOTH for word in words)
    foreign = sum(word in _ENGLISH or not _SYLLABLE.fullmatch(word) for word in words)
    return sure > 0 and foreign >= _ENGLISH_SHARE * len(words)


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


@cache
def _english_phrases() -> dict[tuple[str, ...], str]:
    raw = tomllib.loads((resources.files("knowledge.text") / "english.toml").read_text(encoding="utf-8"))
    return {tuple(_english_words(phrase)): meaning for phrase, meaning in raw["phrases"].items()}


def _english_words(text: str) -> list[str]:
    words = re.findall(r"[a-z]+|\d+", text.lower())
    return [word[:-1] if len(word) > _PLURAL and word.endswith("s") and word[-2] != "s" else word for word in words]


def into_vietnamese(text: str) -> str:
    """The Vietnamese words for what an English *text* is about, phrase by phrase; unknown words fall away."""
    words, phrases = _english_words(text), _english_phrases()
    found: list[str] = []
    at = 0
    while at < len(words):
        size = next((n for n in (5, 4, 3, 2, 1) if tuple(words[at : at + n]) in phrases and at + n <= len(words)), 0)
        if size:
            found.append(phrases[tuple(words[at : at + size])])
        at += max(size, 1)
    return " ".join(dict.fromkeys(found))


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
        return _read_english(text, typed)
    known = restorer.vocabulary
    full = " ".join(mend(word, known) for word in spell_out(typed).split())
    marked = _typed_with_marks(typed)
    plain = terms_of(full)
    # Unmarked syllables say nothing about how the corpus marks them.
    exact = plain.exact if marked else ()
    dense = restorer.restore(full, trust=_TRUST_IN_MARKS if marked else 0.0)
    concepts = dict.fromkeys((*concepts_of(full, marked=marked), *concepts_of(dense, marked=True)))
    terms = Terms(exact, plain.folded, plain.pairs, tuple(concepts))
    if dense == " ".join(syllables(typed)):
        dense = text  # nothing to put right: the embedder may have the punctuation too
    return Query(
        typed=typed, english=False, marked=marked, terms=terms, added=terms_of(lay_words(full)), dense=dense
    )


def _read_english(text: str, typed: str) -> Query:
    vietnamese = into_vietnamese(typed)
    words = terms_of(vietnamese)
    concepts = concepts_of(vietnamese, marked=True)
    terms = Terms(words.exact, words.folded, words.pairs, concepts)
    return Query(typed=typed, english=True, marked=False, terms=terms, added=terms_of(""), dense=text)
