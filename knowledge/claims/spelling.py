"""
One spelling for what a claim and a passage say, and the characters that no honest claim holds. Pure.

`plain` is what the checks read: composed, lower case, one tone placement, one kind of dash and quotation
mark, no Markdown emphasis. Words and their order stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from viet_text_tools import normalize_diacritics

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″"), '"') | dict.fromkeys(map(ord, "‘’‚‛′`´"), "'")
_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t\r\f\v"),
    " ",
)
# What a passage may hold from its source; a claim with one of them falls.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F))
_TABLE: Final = _DASHES | _QUOTES | _SPACES | _INVISIBLE | {ord("…"): "..."}
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")
_WORD = re.compile(r"[^\W\d_]+")
_LEAD = re.compile(r"^\s*(?:[-•+*]|\d{1,2}[.)])\s+")
_SIGNS = frozenset("!\"#%&'()*+,-./:;<=>?@[]_$~|`^{}\\“”‘’„«»…–—−°§•·₫€£²³¹№ \n")
_LATIN_END = 0x024F
_VIETNAMESE = range(0x1E00, 0x1F00)


@lru_cache(maxsize=65_536)
def _place_tone(word: str) -> str:
    return str(normalize_diacritics(word))


def composed(text: str) -> str:
    """*text* in NFC without lone surrogates and NUL."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8")).replace("\x00", " ")


def plain(text: str) -> str:
    """*text* as the checks read it; line breaks stay."""
    straight = _EMPHASIS.sub("", composed(text).translate(_TABLE)).lower()
    marked = _WORD.sub(lambda match: _marked(match.group()), straight)
    return "\n".join(" ".join(line.split()) for line in marked.split("\n"))


def plain_word(word: str) -> str:
    """One *word*, lower case and with its tone mark where it belongs."""
    return _marked(word.lower())


def _marked(word: str) -> str:
    return word if word.isascii() else _place_tone(word)


def tidy(text: str) -> str:
    """A claim's *text* as it is shown: one line, without emphasis and without the mark of a list."""
    return _LEAD.sub("", " ".join(_EMPHASIS.sub("", composed(text)).split()))


def has_odd_characters(text: str) -> bool:
    """Whether *text* holds what nobody sees, reads in another direction, or only looks like a letter."""
    shown = unicodedata.normalize("NFC", text)
    return any(not _is_usual(char) for char in shown)


def _is_usual(char: str) -> bool:
    if char in _SIGNS:
        return True
    if char.isascii():
        return char.isalnum()
    code = ord(char)
    return unicodedata.category(char).startswith("L") and (code <= _LATIN_END or code in _VIETNAMESE)
