"""Reads a question: its language, its abbreviations and slips, what it is about. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lexical import Terms, terms_of
from knowledge.text.concepts import concepts_of
from knowledge.text.english import into_vietnamese, is_english
from knowledge.text.folding import has_marks, normalise, syllables
from knowledge.text.lexicon import lay_words, lexicon, spell_out
from knowledge.text.typing_slips import mend

if TYPE_CHECKING:
    from knowledge.text.restore import Restorer

_ARTICLE = re.compile(r"(?:\bđiều|\bdieu)\s+(\d{1,3}[a-zđ]?)\b(?!\s*(?:kiện|kien))")
_TRUST_IN_MARKS = 4.0  # natural logarithms; see `Restorer.restore`
_WORDS_EMBEDDED = 120  # of a rambling message; more would take seconds and blur what is asked
_WORD_LIMIT = 40  # characters
_MARKED_SHARE = 0.25  # from this share of marked words on, a text counts as typed with marks


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
    article: str = ""  # the Điều it names, such as "16"


def _typed_with_marks(typed: str) -> bool:
    words = syllables(typed)
    return sum(map(has_marks, words)) > _MARKED_SHARE * len(words)


def concepts_in(text: str) -> tuple[str, ...]:
    """What *text* is about, its abbreviations read out first; see `knowledge.text.concepts`."""
    return concepts_of(spell_out(text), marked=_typed_with_marks(text))


def read_query(text: str, restorer: Restorer) -> Query:
    """Make *text* ready to be searched for."""
    typed = normalise(text)
    if is_english(typed, shorthand=frozenset(lexicon().abbreviations)):
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
    dense = " ".join(word[:_WORD_LIMIT] for word in dense.split()[:_WORDS_EMBEDDED])
    named = _ARTICLE.search(typed)
    return Query(
        typed=typed,
        english=False,
        marked=marked,
        terms=terms,
        added=terms_of(lay_words(full)),
        dense=dense,
        article=named[1] if named else "",
    )


def _read_english(text: str, typed: str) -> Query:
    vietnamese = into_vietnamese(typed)
    words = terms_of(vietnamese)
    concepts = concepts_of(vietnamese, marked=True)
    terms = Terms(words.exact, words.folded, words.pairs, concepts)
    return Query(typed=typed, english=True, marked=False, terms=terms, added=terms_of(""), dense=text)
