"""Reads a question: its language, its abbreviations and slips, what it is about. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.lexical import Terms, terms_of
from knowledge.steps import ALL
from knowledge.text.concepts import concepts_of
from knowledge.text.english import into_vietnamese, is_english
from knowledge.text.folding import folded_syllables, normalise, syllables, typed_with_marks
from knowledge.text.lexicon import lay_words, lexicon, spell_out, standard_words
from knowledge.text.typing_slips import mend

if TYPE_CHECKING:
    from knowledge.steps import Steps
    from knowledge.text.restore import Restorer

_ARTICLE = re.compile(r"(?:\bđiều|\bdieu)\s+(\d{1,3}[a-zđ]?)\b(?!\s*(?:kiện|kien))")
_TRUST_IN_MARKS = 4.0  # natural logarithms; see `Restorer.restore`
_WORDS_EMBEDDED = 120  # of a rambling message; more would take seconds and blur what is asked
_WORD_LIMIT = 40  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    A question made ready for both sides of the search.

    `terms` are what was typed, in full words; `added` what is looked for beside it: the law's words for it,
    the words that are written for regional ones, and what was typed in short; `dense` the text to embed.
    """

    typed: str
    english: bool
    marked: bool
    terms: Terms
    added: Terms
    dense: str
    article: str = ""  # the Điều it names, such as "16"


def read_query(text: str, restorer: Restorer, steps: Steps = ALL) -> Query:
    """Make *text* ready to be searched for, by *steps*."""
    typed = normalise(text)
    if is_english(typed, shorthand=frozenset(lexicon().abbreviations)):
        return _read_english(text, typed)
    full = _full_words(typed, restorer, steps)
    written = standard_words(full) if steps.regional else full
    marked = typed_with_marks(typed)
    plain = terms_of(full)
    # Unmarked syllables say nothing about how the corpus marks them.
    exact = plain.exact if marked else ()
    dense = written
    if steps.marks:
        dense = restorer.restore(written, trust=_TRUST_IN_MARKS if marked else 0.0)
    concepts = dict.fromkeys((*concepts_of(full, marked=marked), *concepts_of(dense, marked=True)))
    terms = Terms(exact, plain.folded, plain.pairs, tuple(concepts))
    if " ".join(syllables(dense)) == " ".join(syllables(typed)):
        dense = text  # nothing to put right: the embedder may have the punctuation too
    law = lay_words(full)
    embedded = [*dense.split()[:_WORDS_EMBEDDED], *(law.split() if steps.lay_embedded else ())]
    named = _ARTICLE.search(typed)
    return Query(
        typed=typed,
        english=False,
        marked=marked,
        terms=terms,
        added=_added(typed, full, written, law if steps.lay else ""),
        dense=" ".join(word[:_WORD_LIMIT] for word in embedded),
        article=named[1] if named else "",
    )


def _full_words(typed: str, restorer: Restorer, steps: Steps) -> str:
    """*typed* with abbreviations read out and slips mended, word for word."""
    full = spell_out(typed) if steps.abbreviations else typed
    if steps.wrong_letters:
        full = restorer.mend(full)
    if not steps.held_keys:
        return full
    return " ".join(mend(word, restorer.vocabulary) for word in full.split())


def _added(typed: str, full: str, written: str, law_words: str) -> Terms:
    """What is looked for beside *full*: the law's words, written for regional words, and those as typed."""
    law = terms_of(law_words)
    known = set(folded_syllables(full))
    beside = [*folded_syllables(written), *folded_syllables(typed)] if written != typed else []
    other = dict.fromkeys(word for word in beside if word not in known)
    return Terms(law.exact, (*law.folded, *other), law.pairs)


def _read_english(text: str, typed: str) -> Query:
    vietnamese = into_vietnamese(typed)
    words = terms_of(vietnamese)
    concepts = concepts_of(vietnamese, marked=True)
    terms = Terms(words.exact, words.folded, words.pairs, concepts)
    return Query(typed=typed, english=True, marked=False, terms=terms, added=terms_of(""), dense=text)
