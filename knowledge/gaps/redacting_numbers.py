"""
Takes numbers that lead to somebody out of a text: phones, papers, plates, accounts, addresses, links.

Recall before beauty: five digits in a row, however spelled and spaced, go. What stays are numbers of laws,
years, and short ones such as 113.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final, TypeAlias

from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER, PLATE, MAIL, LINK = "[số]", "[biển số]", "[thư điện tử]", "[liên kết]"
HANDLE, PLACE, DAY = "[tài khoản mạng]", "[địa chỉ]", "[ngày giờ]"
_KEPT: Final = "\ue000"  # around what is kept as it is; people's private-use letters are gone by then
_MOST_KEPT: Final = 100
_UPPER: Final = "".join(
    chr(code) for code in (*range(0x41, 0x250), *range(0x1EA0, 0x1EFA)) if chr(code).isupper()
)
_CAPITALS: Final = rf"(?:\s+[{_UPPER}][^\W\d_]*){{1,4}}"
_CODE: Final = r"[a-zđ]?\d+[a-zđ]?(?:[/-]\d+[a-zđ]?)*"
# Digits in whatever spelling: o and l among them; and between them blanks, dots, dashes, brackets.
_DIGIT: Final = r"(?:\d|(?<=\d)[oOlI](?=[\W\d_oOlI]|$)|(?<![^\W_])[oO](?=[\s.\-]?\d))"
_BETWEEN: Final = r"[\s.\-–—_/()+,:;|*•'’]{0,3}"

_Step: TypeAlias = "tuple[re.Pattern[str], str]"  # what to look for, and what is written instead; "": kept


def redact_numbers(text: str) -> str:
    """*text* (NFKC, without invisible letters) with what leads to somebody replaced by words in brackets."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if len(kept) >= _MOST_KEPT:
            return NUMBER
        kept.append(match[0])
        return f"{_KEPT}{chr(0xE100 + len(kept) - 1)}{_KEPT}"

    for pattern, placeholder in _steps():
        text = pattern.sub(_with_cue(placeholder) if placeholder else keep, text)
    return re.sub(f"{_KEPT}(.){_KEPT}", lambda match: kept[ord(match[1]) - 0xE100], text)


def _with_cue(placeholder: str) -> Callable[[re.Match[str]], str]:
    """What says what the number is stays before the placeholder."""
    return lambda match: (match.groupdict().get("cue") or "") + placeholder


@cache
def _steps() -> tuple[_Step, ...]:
    """In this order: a later one sees what the earlier ones left."""
    raw = tomllib.loads((resources.files("knowledge.gaps") / "numbers.toml").read_text(encoding="utf-8"))
    words = {name: _any_of(listed) for name, listed in raw.items()}
    return (
        (_law(words), ""),
        (_mail(), MAIL),
        (_link(words), LINK),
        (_nick(words), HANDLE),
        (_help_line(words), ""),
        (_plate(words), PLATE),
        (_paper(words), NUMBER),
        (re.compile(rf"\+?\(?{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{4,}}"), NUMBER),
        (_day(), DAY),
        (_spelled(words), NUMBER),
        *((place, PLACE) for place in _places(words)),
    )


def _any_of(listed: list[str]) -> str:
    """An expression for any of *listed*, with and without marks, the longest first."""
    both = sorted(
        {spelled for word in listed for spelled in (word, fold(word))}, key=lambda word: (-len(word), word)
    )
    return rf"(?:{'|'.join(re.escape(word).replace(chr(92) + ' ', chr(92) + 's+') for word in both)})"


def _compiled(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways), re.IGNORECASE)


def _law(words: dict[str, str]) -> re.Pattern[str]:
    law, number = words["laws"], r"\s*(?:số|so|no\.?)?\s*:?\s*\d{1,4}"
    return _compiled(
        r"\b\d{1,5}/(?:19|20)\d\d/[a-zđ]{2,}[a-zđ0-9]*(?:-[a-zđ]+)*",
        rf"\b{law}{number}/(?:19|20)\d\d(?!\d)",
        rf"\b{law}{number}/[a-zđ]{{2,}}(?:-[a-zđ]+)*",
    )


def _mail() -> re.Pattern[str]:
    at, dot = r"(?:@|\(at\)|\ba\s?(?:còng|cong|móc|moc)\b)", r"(?:\.|\bch[ấa]m\b|\bdot\b)"
    return _compiled(rf"[\w.+-]+\s*{at}\s*[\w-]+(?:\s*{dot}\s*[a-z]{{2,}})*")


def _link(words: dict[str, str]) -> re.Pattern[str]:
    return _compiled(
        r"(?:https?://|www\.|hxxps?://)\S+",
        rf"\b[\w-]+(?:\.[\w-]+)*\.{words['domains']}\b(?:/\S*)?",
        rf"\b[\w-]+\s+ch[ấa]m\s+{words['domains']}\b(?:\s+ch[ấa]m\s+\w+)?",
    )


def _nick(words: dict[str, str]) -> re.Pattern[str]:
    named = r"(?=[\w.]*(?:[\d_]|\.\w))(?=[\w.]*[^\W\d_])[\w.]*\w{2,}[\w.]*"
    return _compiled(
        r"(?<!\w)@[\w.]{2,}", rf"(?P<cue>\b{words['nicks']}\b\s*(?:(?:tên|ten|là|la|:)\s*)*){named}"
    )


def _help_line(words: dict[str, str]) -> re.Pattern[str]:
    line = words["help_lines"]
    return re.compile(rf"(?<![\d+])(?<![\d+][\s.\-]){line}(?:[\s,/]+{line})*(?![\s.\-]?\d)")


def _plate(words: dict[str, str]) -> re.Pattern[str]:
    return _compiled(
        r"\b\d{2}\s?[-.]?\s?(?:[a-zđ]{1,2}\d?|[a-zđ]\d)\s?[-.:_/]?\s?(?:\d{3}\s?[.,_-]?\s?\d{2}|\d{4})(?!\d)",
        rf"(?P<cue>\b{words['plates']}\b\s*(?:(?:xe|là|la|:)\s*)*)(?=[\w.\s-]{{0,6}}\d)\w{{1,5}}"
        r"(?:[\s.-]{1,2}\w*\d\w*){0,3}",
    )


def _paper(words: dict[str, str]) -> re.Pattern[str]:
    told = r"\s*(?:(?:số|so|là|la|cũ|cu|:|\.)\s*)*"
    return _compiled(rf"(?P<cue>\b{words['papers']}\b{told})(?=[a-z]{{0,3}}\d{{2}})[a-z]{{0,3}}[\d.\- ]*\d")


def _day() -> re.Pattern[str]:
    month = r"(?:[/.-]\s*\d{1,2}|\s*(?:tháng|thang)\s*\d{1,2})(?:\s*(?:[/.-]|năm|nam)\s*\d{2,4})?"
    return _compiled(
        rf"\b(?:ngày|ngay|hôm|hom|mùng|mung|mồng|mong)\s*\d{{1,2}}\s*{month}",
        r"\b\d{1,2}\s?(?:h|g|giờ|gio|:)\s?[0-5]\d(?:\s?(?:p|phút|phut))?\b",
    )


def _spelled(words: dict[str, str]) -> re.Pattern[str]:
    digit = rf"(?:{words['digits']}|\d+)"
    return _compiled(rf"(?<!\w){digit}(?:[\s.,-]+{digit}){{5,}}(?!\w)")


def _places(words: dict[str, str]) -> tuple[re.Pattern[str], ...]:
    street, lane = words["streets"], words["lanes"]
    before_lane = rf"(?:số|so)(?=\s*\d+[a-z]?(?:/\d+)*\s*,?\s*(?:{street}|{lane})\b)"
    on_lane = rf"(?:{lane}|tổ|to|khu|lô)\s+(?:số\s+)?{_CODE}(?!\d)"
    further = rf"(?:\s*,?\s*(?:{on_lane}|{street}\s+[^\W_]+(?:\s+[^\W_]+)?))*"
    house = r"(?:(?:[Ss]ố|[Ss]o)\s+\d+[a-zA-Z]?|\d+[a-zA-Z]?(?:/\d+[a-zA-Z]?)+)(?:/\d+)*"
    return (
        _compiled(
            rf"\b(?:{words['numbered_places']}|{before_lane})\s*(?:số|so)?\s*{_CODE}(?!\d){further}(?-i:,?{_CAPITALS})?"
        ),
        _compiled(rf"\b\d+[a-zđ]?(?:/\d+[a-zđ]?)+\s+{street}\s+[^\W_]+(?:\s+[^\W\d_]+)?"),
        _compiled(r"\b\d+[a-zđ]?(?:/\d+[a-zđ]?){2,}(?!/)"),
        re.compile(rf"\b{house},?{_CAPITALS}"),
        re.compile(rf"\b(?i:{words['named_places']}){_CAPITALS}"),
        _compiled(rf"\b{street}\s+(?:số\s+|so\s+)?\d+[a-zđ]?\b"),
    )
