r"""
Vietnamese as people type it, made comparable.

`fold` is small enough to be written again in the page: `text.toLowerCase().normalize("NFKD")`, then drop
`/[\p{M}\p{Cf}\p{Cc}\p{Co}\p{Cs}]/gu` (but keep white space), `đ` to `d`, white space to one space, trim.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from viet_text_tools import normalize_diacritics

_DROPPED = frozenset(("Mn", "Mc", "Me", "Cf", "Cc", "Co", "Cs"))  # marks, and what nobody sees


@lru_cache(maxsize=16_384)
def _place_tone(word: str) -> str:
    return str(normalize_diacritics(word))


def fold(text: str) -> str:
    """*text* lower case without marks and invisible characters, đ as d, white space as single spaces."""
    plain = text.lower().translate(_TO_ASCII)
    return " ".join((plain if plain.isascii() and plain.isprintable() else _fold(plain)).split())


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).replace("đ", "d")
    shown = (char for char in decomposed if char.isspace() or unicodedata.category(char) not in _DROPPED)
    return "".join(shown)


# What Vietnamese writes, in one pass in C: its letters in Unicode's Latin blocks, and loose marks.
_TO_ASCII: Final = dict[int, str | None](dict.fromkeys(range(0x300, 0x370))) | {
    letter: plain
    for letter in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (plain := _fold(chr(letter))).isascii()
}


def normalise(text: str) -> str:
    """*text* composed (NFC), lower case, tones placed one way (`hoà` → `hòa`), lone surrogates dropped."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
    words = composed.replace("\x00", " ").lower().split()
    return " ".join(word if word.isascii() else _place_tone(word) for word in words)
