"""
Characters to readable Vietnamese: old encodings, composition, look-alike glyphs, invisible characters.

The order matters: in TCVN3 the letter ư is a soft hyphen, so old encodings are undone before invisible
characters are dropped. Every fix waits for a suspicion; clean text comes back as it is.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.encodings import undo_mojibake, undo_old
from ingest.errors import GarbledText
from ingest.repairs import Repair

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_ENDS = re.compile(r"\r\n?|[\f\u0085\u2028\u2029]")
_CLUMP = re.compile(r"(?:(?<=\s)[ạảãậẩẫặẳẵẹẻẽệểễịỉĩọỏõộổỗợởỡụủũựửữỵỷỹ] ){2,}")
_CLUMPS_ALLOWED = 0.002  # of all words
_LOST = re.compile(r"\(cid:\d+\)|[\ue000-\uf01f\uf100-\uf8ff\ufffd]")  # letters a font gave no meaning to
_LOST_ALLOWED = 0.05  # of all words
_SYMBOL_FONT = re.compile(
    r"[\uf020-\uf0ff]"
)  # Wingdings and its like: bullets and boxes, unless all is in it
_SYMBOLS_ALLOWED = 0.3  # of all characters that are no blanks
_MARK_NOISE = 3  # hidden characters that are no repair: an editor leaves one now and then
# Glyphs that old fonts and converters put where another letter is meant.
_LOOKALIKES = {
    "Ð": "Đ",
    "ð": "đ",
    "Ɖ": "Đ",
    "ɖ": "đ",  # Icelandic and African letters
    "ƣ": "ư",
    "Ƣ": "Ư",  # "oi", which a widespread converter writes for ư
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "\uf06f": "□",
    "\uf0a8": "□",
    "\uf071": "□",
    "\uf0fe": "☑",
    "\uf0fc": "✓",
    "\uf02d": "-",  # Wingdings
}
_LOOKALIKE = re.compile("|".join(map(re.escape, _LOOKALIKES)))
_LATIN_TWINS = str.maketrans("аеорсухіАВЕКМНОРСТХІ", "aeopcyxiABEKMHOPCTXI")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = r"[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]"
_MIXED_WORD = re.compile(rf"\w*(?:{_LATIN}[\u0400-\u04ff]|[\u0400-\u04ff]{_LATIN})\w*")


def repair(text: str, noted: set[Repair] | None = None) -> str:
    """
    *text* composed (NFC), old encodings and wrong decoding undone, look-alikes replaced, hidden ones dropped.

    Args:
        text: Any length; one paragraph or a whole file.
        noted: Takes what was repaired.

    Raises:
        GarbledText: Letters fell out of their words, as from a PDF with a broken font.
    """
    fixed = _LINE_ENDS.sub("\n", undo_old(undo_mojibake(text, noted), noted))
    return tidy(fixed, noted)


def tidy(text: str, noted: set[Repair] | None = None) -> str:
    """
    `repair` without the encodings, for text whose encoding is right.

    Raises:
        GarbledText: As `repair`.
    """
    done: set[Repair] = set()
    fixed, hidden = _INVISIBLE.subn("", text)
    if hidden >= _MARK_NOISE:
        done.add(Repair.HIDDEN_CHARACTERS)
    fixed = _CONTROL.sub(" ", fixed)
    composed = unicodedata.normalize("NFC", _BLANKS.sub(" ", fixed))
    if _was_split(fixed, composed):
        done.add(Repair.SPLIT_MARKS)
    if is_garbled(composed):
        raise GarbledText
    told = _twins_undone(_LOOKALIKE.sub(lambda found: _LOOKALIKES[found[0]], composed))
    told = _SYMBOL_FONT.sub("•", told)
    if told != composed:
        done.add(Repair.WRONG_GLYPHS)
    if noted is not None:
        noted |= done
    return "\n".join(line.strip() for line in told.split("\n"))


def is_garbled(text: str) -> bool:
    """Whether letters of *text* stand in clumps outside their words, or have no meaning at all."""
    words = len(text.split())
    if len(_CLUMP.findall(text)) > max(1.0, _CLUMPS_ALLOWED * words):
        return True
    if len(_LOST.findall(text)) > max(3.0, _LOST_ALLOWED * words):
        return True
    symbols = len(_SYMBOL_FONT.findall(text))
    return symbols > max(10.0, _SYMBOLS_ALLOWED * len("".join(text.split())))


def _was_split(before: str, composed: str) -> bool:
    marks = sum(1 for char in before if unicodedata.combining(char))
    return marks >= _MARK_NOISE and marks > sum(1 for char in composed if unicodedata.combining(char))


def _twins_undone(text: str) -> str:
    """*text* with Cyrillic letters that hide inside Latin words replaced; Russian words stay."""
    if not _CYRILLIC.search(text):
        return text
    return _MIXED_WORD.sub(lambda found: found[0].translate(_LATIN_TWINS), text)
