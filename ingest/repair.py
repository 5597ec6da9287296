"""
Bytes to readable Vietnamese: encodings, composition, invisible letters, hard wraps.

The order matters: in TCVN3 the letter ư is a soft hyphen, so old encodings are undone before
invisible characters are dropped. Every fix waits for a suspicion; clean text comes back as it is.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import pairwise

import viparse

from ingest.errors import BrokenFile, GarbledText
from knowledge.text.folding import fold

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_LINE_ENDS = re.compile(r"\r\n?|[\f\u0085\u2028\u2029]")
_MOJIBAKE = re.compile(
    r"\u00e1[\u00ba\u00bb][\u0080-\u00bf\u0152-\u017e\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    r"|\u00c3[\u0080-\u00bf]|\u00c6[\u00b0\u00a1]|\u00c4[\u0091\u0090\u2018]"
)
_LEGACY = re.compile(r"[¨©ª«¬®¸¹¶·µ¾¼½»Êã×ÝÞßÌÑÏÎÇÈ§]|[aeouyAEOUY][ùøûïüúéèëåáàäâêöóòõô]")
_CLUMP = re.compile(r"(?:(?<=\s)[ạảãậẩẫặẳẵẹẻẽệểễịỉĩọỏõộổỗợởỡụủũựửữỵỷỹ] ){2,}")
_LETTER = re.compile(r"[^\W\d_]")
_VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
_PLAUSIBLE = re.compile(r"[a-zăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]+")
_LIST_MARK = re.compile(
    r"(?:[-–+•*●▪]\s|\d{1,3}[a-zđ]?[.)]\s|[a-zđ]{1,2}\d?\)\s|[IVXL]+\.\s|#|\|)|(?:Điều|Chương|Mục|Phần|PHẦN|CHƯƠNG|MỤC)\s+\S"
)
_TITLE = re.compile(r"(?:Điều|Chương|Mục)\s+\w+\s*[.:]")
_FULL = 0.75  # of the width: from there on a line reaches the margin
_CLUMPS_ALLOWED = 0.002  # of all words
_CONTROLS_ALLOWED = 0.02  # of all characters: more is a binary file


def decode(data: bytes) -> str:
    """
    *data* as text: by its BOM, as UTF-8, as UTF-16 without BOM, else the old encoding that reads best.

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
        text = _decode_old(data)
    if len(_CONTROL.findall(text)) > _CONTROLS_ALLOWED * len(text):
        raise BrokenFile(kind="text")
    return text


def repair(text: str) -> str:
    """
    *text* composed (NFC), old encodings and double decoding undone, invisible characters dropped.

    Raises:
        GarbledText: Letters fell out of their words, as from a PDF with a broken font.
    """
    fixed = _LINE_ENDS.sub("\n", _undo_old(_undo_mojibake(text)))
    fixed = _CONTROL.sub(" ", _INVISIBLE.sub("", fixed))
    fixed = unicodedata.normalize("NFC", _BLANKS.sub(" ", fixed))
    fixed = fixed.replace("Ð", "Đ").replace("ð", "đ")  # Icelandic eth, as old fonts have it
    if len(_CLUMP.findall(fixed)) > max(1.0, _CLUMPS_ALLOWED * len(fixed.split())):
        raise GarbledText
    return "\n".join(line.strip() for line in fixed.split("\n"))


def unwrap(lines: list[str]) -> list[str]:
    """*lines* with hard wraps undone, if they are wrapped at all; headings and list items stay apart."""
    if not _is_wrapped(lines):
        return lines
    width = max(len(line) for line in lines)
    joined: list[str] = []
    previous = ""
    for line in lines:
        if joined and joined[-1] and line and continues(previous, line, full=len(previous) >= _FULL * width):
            joined[-1] += " " + line
        else:
            joined.append(line)
        previous = line
    return joined


def continues(previous: str, line: str, *, full: bool) -> bool:
    """Whether *line* goes on with the paragraph that *previous* (*full*: it reaches the margin) ends."""
    if _LIST_MARK.match(line):
        return False
    if line[:1].islower() or previous.endswith((",", " và", "(")):
        return True
    return full and not _TITLE.match(previous) and not previous.endswith((".", ":", ";", "!", "?", "”", '"'))


def _is_wrapped(lines: list[str]) -> bool:
    filled = [line for line in lines if line]
    if len(filled) < 4 or max(map(len, filled)) > 140:  # noqa: PLR2004 - nobody wraps wider than that
        return False
    carried = sum(
        1
        for line, after in pairwise(lines)
        if line and after[:1].islower() and not _LIST_MARK.match(after) and line[-1] not in ".;:!?"
    )
    return carried >= max(2, 0.15 * len(filled))


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


def _decode_old(data: bytes) -> str:
    if data.count(0) > len(data) // 100:
        raise BrokenFile(kind="text")
    candidates = [str(viparse.fix(data.decode("latin-1")))]
    for encoding in ("cp1258", "cp1252"):
        try:
            candidates.append(unicodedata.normalize("NFC", data.decode(encoding)))
        except UnicodeDecodeError:
            continue
    return max(candidates, key=_vietnamese)


def _vietnamese(text: str) -> float:
    """How Vietnamese *text* looks: the share of its words made of Vietnamese letters alone, some marked."""
    words = unicodedata.normalize("NFC", text).lower().split()
    letters = ["".join(_LETTER.findall(word)) for word in words]
    letters = [word for word in letters if word]
    if not letters:
        return 0.0
    fit = sum(1 for word in letters if _PLAUSIBLE.fullmatch(word) and len(word) <= 7)  # noqa: PLR2004 - nghiêng
    marked = sum(1 for word in letters if _VIETNAMESE.search(word))
    return (fit + 0.5 * marked) / len(letters)


def _undo_mojibake(text: str) -> str:
    if len(_MOJIBAKE.findall(text)) < 3:  # noqa: PLR2004 - a name or two may be foreign
        return text
    for encoding in ("cp1252", "latin-1"):
        raw = b"".join(_byte(char, encoding) for char in text)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return text


def _byte(char: str, encoding: str) -> bytes:
    try:
        return char.encode(encoding)
    except UnicodeEncodeError:
        return char.encode("latin-1", "ignore") or char.encode("utf-8")


def _undo_old(text: str) -> str:
    words = max(1, len(text.split()))
    if len(_LEGACY.findall(text)) < 0.2 * words:
        return text
    plain = unicodedata.normalize("NFC", text)
    if _vietnamese(plain) > 1.1:  # noqa: PLR2004 - readable Vietnamese already
        return text
    fixed = str(viparse.fix(text))
    gained = _vietnamese(fixed) > _vietnamese(plain)
    return fixed if gained and fold(fixed) != fold(plain) else text
