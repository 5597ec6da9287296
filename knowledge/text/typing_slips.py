"""
Mends what a phone's keyboard leaves behind: held-down letters, half-typed Telex, one wrong letter.

Only a word that the corpus does not know is touched, and only when it becomes one the corpus knows:
`ddi baos` → `di bao`, `đâuu` → `dau`, `phongf` → `phong`; and one letter missing, doubled, wrong or in
the other's place: `ngiện` → `nghien`, `ngaoi` → `ngoai`. The marks are then put back by the restorer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Container

_RUN = re.compile(r"(.)\1+")
_TONE = re.compile(r"(?<=[aeiouy])([a-z]*?)[sfrxj](?=[a-z]*$)")
_HORN = re.compile(r"(?<=[auo])w")
_LETTERS = "abcdeghiklmnopqrstuvxy"  # those of folded Vietnamese
_SHORTEST, _LONGEST = 3, 8  # letters; shorter words have too many neighbours, longer ones are no syllables
_NUCLEI = (
    "uoi|uou|uya|uye|uyu|uay|uai|oai|oay|oeo|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|"
    "uy|ya|ye|a|e|i|o|u|y"
)
# A syllable as Vietnamese spells it: k, gh and ngh stand before e, i and y, c, g and ng before the others.
_SYLLABLE = re.compile(
    rf"(?:(?:ngh|gh|k)(?=[eiy])|(?:ng|g|c)(?![eiy])|gi|qu|ch|kh|nh|ph|th|tr|[bdhlmnprstvx])?(?:{_NUCLEI})(?:ch|nh|ng|[cmnpt])?"
    "|gi(?:n|m|ch)?"
)
_VOWEL = re.compile("[aeiouy]")
# How much likelier than any wrong letter, in natural logarithms: two that changed places, and a key held too
# long or a tone typed in Telex.
_SWAPPED, _HELD = 2.0, 2.0
_TONE_KEYS = "sfrxjw"


def mend(word: str, vocabulary: Container[str]) -> str:
    """*word*, or the folded syllable of *vocabulary* that was meant."""
    folded = fold(word)
    if folded in vocabulary or not folded.isalpha():
        return word
    for candidate in _readings(folded):
        if candidate in vocabulary:
            return candidate
    return word


def _readings(folded: str) -> list[str]:
    once = _RUN.sub(r"\1", folded)
    plain = _HORN.sub("", once)
    return [once, plain, _TONE.sub(r"\1", plain), _TONE.sub(r"\1", _HORN.sub("", folded))]


def neighbours(word: str, vocabulary: Container[str]) -> dict[str, float]:
    """
    The folded syllables of *vocabulary* one letter away from *word*, which is a slip, and how likely each is.

    None for a word that the corpus knows, for one that Vietnamese could spell (the corpus need not know
    every word people use: `xài`, `hẻm`), and for one without a vowel, which is short for something.
    The likelihood is in natural logarithms: 0 for any letter, more for letters that changed places.
    """
    folded = fold(word)
    if folded in vocabulary or not is_slip(folded):
        return {}
    near = _one_letter_away(folded)
    return {other: near[other] for other in near if other in vocabulary and is_syllable(other)}


def is_syllable(folded: str) -> bool:
    """Whether Vietnamese could spell a *folded* word so."""
    return _SYLLABLE.fullmatch(folded) is not None


def is_slip(folded: str) -> bool:
    """Whether a *folded* word looks like a syllable that was mistyped."""
    if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isalpha():
        return False
    return _VOWEL.search(folded) is not None and not is_syllable(folded)


@lru_cache(maxsize=1_024)
def _one_letter_away(word: str) -> dict[str, float]:
    """Every string that one letter put in, left out, replaced, or two changing places makes of *word*."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = dict.fromkeys((a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS), 0.0)
    made |= dict.fromkeys((a + letter + b for a, b in cuts for letter in _LETTERS), 0.0)
    made |= {a + b[1:]: _HELD * _is_left_behind(a, b[0]) for a, b in cuts if b}
    made |= dict.fromkeys((a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1), _SWAPPED)
    made.pop(word, None)
    return made


def _is_left_behind(before: str, letter: str) -> bool:
    """Whether *letter* behind *before* is what a held key or Telex leaves in a word."""
    return before.endswith(letter) or (letter in _TONE_KEYS and _VOWEL.search(before) is not None)
