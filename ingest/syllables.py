"""
Whether a word can be a Vietnamese syllable: onset, rime and tone by the rules of the spelling. Pure.

No dictionary: the rules allow more spellings than are in use. Enough to tell text from what
a broken font or a bad scan leaves.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

_TONES = {"\u0300": "`", "\u0301": "'", "\u0303": "~", "\u0309": "?", "\u0323": "."}
_STOPPED = ("c", "ch", "p", "t")  # such rimes take sắc or nặng alone
_WORD = re.compile(r"[^\W\d_]+")
_SHORT_CAPITALS = 6  # letters: UBND, CSGT, HĐND are no syllables and no faults


def is_syllable(word: str) -> bool:
    """Whether *word* may be one syllable, whatever its case; marks composed or not."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in letters if char in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(char for char in letters if char not in _TONES))
    if bare not in _SPELLED:
        return False
    return not bare.endswith(_STOPPED) or (bool(tones) and _TONES[tones[0]] in "'.")


def syllable_share(text: str) -> float:
    """The share of *text*'s words that may be syllables, 0…1; abbreviations do not count. 0 without words."""
    words = [
        word for word in _WORD.findall(text) if not (word.isupper() and 1 < len(word) <= _SHORT_CAPITALS)
    ]
    if not words:
        return 0.0
    return sum(map(is_syllable, words)) / len(words)


def word_count(text: str) -> int:
    """Words of letters in *text*."""
    return len(_WORD.findall(text))


def _spellings() -> frozenset[str]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    rimes = table["rimes"].split()
    spelled = set(rimes)
    for onset in table["onsets"].split():
        spelled.update(onset + rime for rime in rimes)
    spelled.update(f"q{rime}" for rime in rimes if rime.startswith("u"))
    spelled.update(("gi", "gin", "giêng", "giêc", "giêt"))
    return frozenset(spelled)


_SPELLED = _spellings()
