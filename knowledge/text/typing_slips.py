"""
Mends what a phone's keyboard leaves behind: held-down letters and half-typed Telex.

Only a word that the corpus does not know is touched, and only when it becomes one the corpus knows:
`ddi baos` → `di bao`, `đâuu` → `dau`, `phongf` → `phong`. The marks are then put back by the restorer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Container

_RUN = re.compile(r"(.)\1+")
_TONE = re.compile(r"(?<=[aeiouy])([a-z]*?)[sfrxj](?=[a-z]*$)")
_HORN = re.compile(r"(?<=[auo])w")


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
