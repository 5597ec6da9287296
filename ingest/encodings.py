"""
Bytes to characters, and characters that were read in the wrong encoding to the right ones.

Order matters: in TCVN3 the letter ư is a soft hyphen and in VISCII six letters are control characters, so
this comes before anything invisible is dropped. Every fix waits for a suspicion; readable text comes back
as it is.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

import viparse

from ingest.errors import BrokenFile
from ingest.repairs import Repair
from ingest.syllables import syllable_share
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOJIBAKE = re.compile(
    r"\u00e1[\u00ba\u00bb][\u0080-\u00bf\u0152-\u017e\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    r"|\u00c3[\u0080-\u00bf]|\u00c6[\u00b0\u00a1]|\u00c4[\u0091\u0090\u2018]"
)
_LEGACY = re.compile(r"[¨©ª«¬®¸¹¶·µ¾¼½»Êã×ÝÞßÌÑÏÎÇÈ§]|[aeouyAEOUY][ùøûïüúéèëåáàäâêöóòõô]")
_LETTER = re.compile(r"[^\W\d_]")
_MARKED = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
_PLAUSIBLE = re.compile(r"[a-zăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]+")
_UNICODE_ONLY = re.compile(
    r"[ăĂđĐơƠưƯĩĨũŨ\u1ea0-\u1ef9]"
)  # letters that no old encoding shown as Latin can give
_LOST = "\ufffd"
_ASCII = 127
_WHOLE_FOR_ONE_LOST = (
    10  # letters beyond ASCII that are UTF-8, for each that is not: chance makes no such text
)
_OLD_ENCODINGS = ("tcvn3", "vni", "viscii")
_SURELY_VIETNAMESE = 0.75  # share of syllables
_GAIN = 0.3  # of that share
_LONGEST_SYLLABLE = 7  # letters: nghiêng
_READABLE = 1.1  # of `_vietnamese`, up to 1.5
_CONTROLS_ALLOWED = 0.02  # of all characters: more is a binary file


def decode(data: bytes, noted: set[Repair] | None = None) -> str:
    """
    *data* as text: by its BOM, as UTF-8, as UTF-16 without BOM, else the old encoding that reads best.

    Args:
        data: The whole file.
        noted: Takes what was repaired.

    Raises:
        BrokenFile: No encoding of text gives text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if b"\x00" in data and (wide := _wide(data)):
        return _strict(data, wide)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, repair = _decode_damaged(data) or _decode_old(data)
        _note(noted, repair)
    if len(_CONTROL.findall(text)) > _CONTROLS_ALLOWED * len(text):
        raise BrokenFile(kind="text")
    return text


def undo_mojibake(text: str, noted: set[Repair] | None = None) -> str:
    """*text* with UTF-8 that was read as Latin read again, where it looks like it."""
    if len(_MOJIBAKE.findall(text)) < 3:  # noqa: PLR2004 - a name or two may be foreign
        return text
    for encoding in ("cp1252", "latin-1"):
        raw = b"".join(_byte(char, encoding) for char in text)
        try:
            fixed = raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
        _note(noted, Repair.MISREAD_BYTES)
        return fixed
    return text


def undo_old(text: str, noted: set[Repair] | None = None) -> str:
    """*text* with TCVN3, VNI or VISCII letters made Unicode, where it is not readable and becomes so."""
    if len(_LEGACY.findall(text)) < 0.2 * max(1, len(text.split())):
        return text
    plain = unicodedata.normalize("NFC", text)
    if _vietnamese(plain) > _READABLE:
        return text
    fixed = str(viparse.fix(text, encoding=_old_encoding(text) or "auto"))
    if _vietnamese(fixed) <= _vietnamese(plain) or fold(fixed) == fold(plain):
        return text
    _note(noted, Repair.OLD_LETTERS)
    return fixed


def undo_old_pieces(pieces: Sequence[str], noted: set[Repair] | None = None) -> list[str]:
    """
    *pieces* of one document (paragraphs, cells) like `undo_old`, decided over all of them together.

    A cell of two words says too little by itself. A piece that has letters only Unicode has stays: documents
    mix old and new fonts.
    """
    old = [piece for piece in pieces if not _UNICODE_ONLY.search(unicodedata.normalize("NFC", piece))]
    whole = "\n".join(old)
    if undo_old(whole) == whole:
        return list(pieces)
    encoding = _old_encoding(whole) or "auto"
    mixed = len(old) < len([piece for piece in pieces if piece.strip()])
    _note(noted, Repair.OLD_LETTERS)
    return [_fixed_piece(piece, encoding, mixed=mixed) for piece in pieces]


def _old_encoding(text: str) -> str:
    """
    The old encoding of *text*, empty where none can be told.

    Each is tried, and the one that makes Vietnamese syllables of what were none is it; the library's own way
    asks for much text, or guesses wrong on a table of names. It decides where none does.
    """
    before = syllable_share(text)
    tried = {name: syllable_share(str(viparse.fix(text, encoding=name))) for name in _OLD_ENCODINGS}
    best = max(tried, key=lambda name: tried[name])
    if tried[best] >= max(_SURELY_VIETNAMESE, before + _GAIN):
        return best
    return str(viparse.detect_text_encoding(text) or "")


def _fixed_piece(piece: str, encoding: str, *, mixed: bool) -> str:
    if _UNICODE_ONLY.search(unicodedata.normalize("NFC", piece)):
        return piece
    fixed = str(viparse.fix(piece, encoding=encoding))
    before, after = syllable_share(piece), syllable_share(fixed)
    return fixed if after > before or (after == before and not mixed) else piece


def _note(noted: set[Repair] | None, repair: Repair) -> None:
    if noted is not None:
        noted.add(repair)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise BrokenFile(kind="text") from None


def _wide(data: bytes) -> str:
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) * 4 < len(data) or len(data) % 2:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_damaged(data: bytes) -> tuple[str, Repair] | None:
    """UTF-8 with a few broken letters, as a file cut in the middle of one has; what is lost shows as �."""
    text = data.decode("utf-8", "replace")
    lost = text.count(_LOST)
    whole = sum(1 for char in text if ord(char) > _ASCII and char != _LOST)
    return (text, Repair.MISREAD_BYTES) if lost * _WHOLE_FOR_ONE_LOST <= whole else None


def _decode_old(data: bytes) -> tuple[str, Repair]:
    if data.count(0) > len(data) // 100:
        raise BrokenFile(kind="text")
    candidates = [(str(viparse.fix(data.decode("latin-1"))), Repair.OLD_LETTERS)]
    for encoding in ("cp1258", "cp1252"):
        try:
            text = unicodedata.normalize("NFC", data.decode(encoding))
        except UnicodeDecodeError:
            continue
        candidates.append((text, Repair.OLD_BYTES))
    return max(candidates, key=lambda candidate: _vietnamese(candidate[0]))


def _vietnamese(text: str) -> float:
    """How Vietnamese *text* looks: the share of its words made of Vietnamese letters alone, some marked."""
    words = unicodedata.normalize("NFC", text).lower().split()
    letters = ["".join(_LETTER.findall(word)) for word in words]
    letters = [word for word in letters if word]
    if not letters:
        return 0.0
    fit = sum(1 for word in letters if _PLAUSIBLE.fullmatch(word) and len(word) <= _LONGEST_SYLLABLE)
    marked = sum(1 for word in letters if _MARKED.search(word))
    return (fit + 0.5 * marked) / len(letters)


def _byte(char: str, encoding: str) -> bytes:
    try:
        return char.encode(encoding)
    except UnicodeEncodeError:
        return char.encode("latin-1", "ignore") or char.encode("utf-8")
