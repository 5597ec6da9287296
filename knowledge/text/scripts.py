"""Tells a message in another script, which none of our readers can read. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

_READABLE: Final = 0.5  # of the letters that are Latin; below it the words that we could read are too few
_LATIN_ENDS: Final = 0x0250  # Latin letters of Unicode's first blocks, all of Vietnamese's plain ones
_VIETNAMESE: Final = range(0x1E00, 0x1F00)  # Latin Extended Additional: letters with two marks


def in_another_script(text: str) -> bool:
    """Whether most letters of *text* are Chinese, Cyrillic, Khmer … and not Latin. Without letters: no."""
    if text.isascii():
        return False
    # Letters drawn as symbols (bold, in circles, full width) are Latin all the same.
    letters = [sign for sign in unicodedata.normalize("NFKC", text) if sign.isalpha()]
    readable = sum(ord(sign) < _LATIN_ENDS or ord(sign) in _VIETNAMESE for sign in letters)
    return readable < _READABLE * len(letters)
