"""
One spelling for Vietnamese: composed, lower case, one tone placement; and folded, without marks.

`normalise` keeps the meaning (`Hoà giải` → `hòa giải`); `fold` drops the marks (`hoa giai`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from viet_text_tools import normalize_diacritics

_SYLLABLE = re.compile(r"[^\W_]+(?:[./+-][^\W_]+)*", re.UNICODE)
# Latin letters and punctuation, no loose marks: here words can be cut first and folded one by one.
# Not U+0130, whose lower case is two characters.
_LATIN_ONLY = re.compile(r"[\x00-\u012f\u0131-\u024f\u1e00-\u1eff\u2000-\u206f]*")
_MARKED_SHARE = 0.25  # of the words; "đ" alone may come from a pasted name


@lru_cache(maxsize=65_536)
def _place_tone(word: str) -> str:
    return str(normalize_diacritics(word))


def normalise(text: str) -> str:
    """*text* composed (NFC), lower case, tone marks placed one way; lone surrogates dropped."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    words = composed.replace("\x00", " ").lower().split()
    return " ".join(word if word.isascii() else _place_tone(word) for word in words)


def fold(text: str) -> str:
    """*text* lower case with every Vietnamese mark dropped and đ written d."""
    folded = text.lower().translate(_TO_ASCII)
    return folded if folded.isascii() else _fold(folded)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


# One pass in C for what Vietnamese writes: its letters in Unicode's Latin blocks, and loose marks.
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_TO_ASCII: Final = dict.fromkeys(range(768, 880)) | {
    letter: plain for letter in _LATIN if (plain := _fold(chr(letter))).isascii()
}


@lru_cache(maxsize=65_536)
def fold_word(word: str) -> str:
    """`fold`, remembered: for single words, of which a language has some thousands."""
    return fold(word)


def folded_syllables(text: str) -> list[str]:
    """The words of *text* without their marks; as `syllables`, each folded, and faster."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    if _LATIN_ONLY.fullmatch(composed):
        return list(map(fold_word, _SYLLABLE.findall(composed.lower())))
    return _SYLLABLE.findall(fold(composed))


def syllables(text: str) -> list[str]:
    """
    The words of *text* as Vietnamese writes them, in order, lower case and normalised.

    Numbers such as `35/2013/qh13` and `0769.04.04.04` stay whole.
    """
    return _SYLLABLE.findall(normalise(text))


def typed_with_marks(text: str) -> bool:
    """Whether whoever typed *text* writes with marks: more than a few words have some."""
    words = syllables(text)
    return sum(map(has_marks, words)) > _MARKED_SHARE * len(words)


def has_marks(text: str) -> bool:
    """Whether *text* holds any Vietnamese letter with a mark, or đ."""
    if text.isascii():
        return False
    lowered = unicodedata.normalize("NFC", text).lower()
    return fold(lowered) != lowered


def marks_of(text: str) -> str:
    """The marks of *text* in order, without its letters; đ counts as one."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if unicodedata.combining(char) or char == "đ")
