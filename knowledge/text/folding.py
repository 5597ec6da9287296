"""
One spelling for Vietnamese: composed, lower case, one tone placement; and folded, without marks.

`normalise` keeps the meaning (`Hoà giải` → `hòa giải`); `fold` drops the marks (`hoa giai`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from viet_text_tools import normalize_diacritics

_SYLLABLE = re.compile(r"[^\W_]+(?:[./+-][^\W_]+)*", re.UNICODE)
_MARKED = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=65_536)
def _place_tone(word: str) -> str:
    return str(normalize_diacritics(word))


def normalise(text: str) -> str:
    """*text* composed (NFC), lower case, tone marks placed one way; lone surrogates dropped."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    words = composed.replace("\x00", " ").lower().split()
    return " ".join(_place_tone(word) if _MARKED.search(word) else word for word in words)


def fold(text: str) -> str:
    """*text* lower case with every Vietnamese mark dropped and đ written d."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def syllables(text: str) -> list[str]:
    """
    The words of *text* as Vietnamese writes them, in order, lower case and normalised.

    Numbers such as `35/2013/qh13` and `0769.04.04.04` stay whole.
    """
    return _SYLLABLE.findall(normalise(text))


def has_marks(text: str) -> bool:
    """Whether *text* holds any Vietnamese letter with a mark, or đ."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return fold(lowered) != lowered
