"""
The numbers a question asks about and a passage holds: articles, số hiệu, phones. Pure.

A number that is only mentioned (`mất 5 triệu`, `từ 1/7/2026`, `số 09… gọi xưng công an`) is not asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.law_register import law_register, number_key
from knowledge.text.folding import fold, normalise, syllables

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAW_WORD = (
    r"(?:bo luat|luat|phap lenh|nghi dinh|thong tu lien tich|thong tu|quyet dinh|nghi quyet|chi thi|ket luan)"
)
_SHORT_WORD = r"(?:nd|tt|ttlt|qd|nq)"
_UNIT = (
    r"(?!\s*(?:ngay|thang|nam|gio|tuan|tuoi|nguoi|ng|lan|vo|con|trieu|tr|nghin|ngan|ty|ti|dong|k|%|phan tram"
    r"|met|m)\b)"
)
_YEAR = r"(?:19|20)\d\d"
# 282/2025/NĐ-CP, 140/QĐ-TTg, 09-CT/TW: whole by itself.
_WHOLE = re.compile(
    rf"(?<![\d/.-])\d{{1,4}}(?:\s?/\s?{_YEAR})?\s?[/-]\s?"
    r"(?:qh\d{1,2}|nd-cp|ndcp|(?:qd|nq|tt|ttlt|ct|kl|hd|kh|nghd|pl)(?:-[a-z&]+\d*|/[a-z]+)+|ttlt)(?![\w])(?:-[a-z0-9&]+)*"
)
_WITH_YEAR = re.compile(
    rf"\b(?:{_LAW_WORD}|{_SHORT_WORD}|van ban|so hieu)(?: so)? ?:? ?"
    rf"\d{{1,4}}(?:\s?/\s?| nam | ){_YEAR}(?![\d/])"
)
# Of the words before a lone number only those that people use so: `kết luận 1 người nghiện` names no text.
_SERIAL_ONLY = re.compile(
    rf"\b(?:bo luat|luat|phap lenh|nghi dinh|thong tu lien tich|thong tu|{_SHORT_WORD})(?: so)? ?:? ?"
    rf"(?!{_YEAR}\b)\d{{2,4}}\b(?![/\d]|[.,]\d){_UNIT}"
)
_ARTICLE = re.compile(rf"\bdieu (?:so )?(\d{{1,3}}[a-z]?)\b(?![/\d]|[.,]\d){_UNIT}")
_CLAUSE = re.compile(rf"\bkhoan (?:so )?(\d{{1,3}}[a-z]?)\b(?![/\d]|[.,]\d){_UNIT}")
_POINT = re.compile(
    r"\b(?:điểm|diem) ([a-zđ]{1,2})\b"
    r"(?= (?:khoản|khoan|điều|dieu|luật|luat|bộ|bo|nghị|nghi|thông|thong)|\W*$)"
)
_PHONE = re.compile(r"(?<![\d/.,])(?:\+84|84|0|1[89]00)(?:[ .-]?\d){4,10}(?![\d/]|[.,]\d)")
_SHORT_PHONE = re.compile(r"(?<![\d/.,-])[1-9]\d{2,3}(?![\d/–-]|[.,]\d)" + _UNIT)
_ASKS_PHONE = re.compile(
    r"\b(?:la so|so gi|so nao|cua ai|cua co quan nao|cua don vi nao|la gi|la sao|khac gi|khac nhau"
    r"|khac the nao|co phai so|de lam gi|dung lam gi|goi duoc khong|what|whose|which number|difference)\b"
)
_PHONE_LINE = re.compile(
    r"\b(?:goi|tong dai|duong day|dien thoai|so may|hotline|nhan|soan|bao chay|cap cuu|call|phone)\b"
)
_PLACE_OF_LAW = re.compile(
    r"(?:dieu|khoan|diem|luat|nghi dinh|nd|thong tu|tt|quyet dinh|qd|mau|muc|bang|so)[ :]*$"
)
_EMERGENCY = re.compile(r"11[1-9]")
_MENTIONED = re.compile(rf"{_WHOLE.pattern}|{_WITH_YEAR.pattern}")
_CODES = {
    "blhs": "bo luat hinh su",
    "bltths": "bo luat to tung hinh su",
    "blttds": "bo luat to tung dan su",
    "blds": "bo luat dan su",
}
# What is left of a question that asks for nothing but the number.
ASKING_WORDS = frozenset(
    syllables(
        "dieu khoan diem luat bo nghi dinh thong tu quyet so nd tt qd nq noi gi la ve quy the nao ra sao cho "
        "hoi toi em minh xin biet muon xem co con hieu luc khong ko k hong van ban nay ma a vay thi trong "
        "cua cai theo o dung trich dan nguyen day u va nhu ntn hanh ngay khi ap het chua say says what does "
        "the of about law decree article ke hoach chuong trinh cong thong bao huong dan chi"
    )
)
_MOST_LEFT = 1  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersAsked:
    """
    What a question asks about by number. Empty texts and tuples for what it does not.

    `laws` are số hiệu as typed, folded (`nghi dinh 282/2025`); `law_words` are the words after `luật`,
    by which a law may be named; `phones` are digits only. `bare` means that nothing else is asked.
    """

    article: str = ""
    clause: str = ""
    point: str = ""
    laws: tuple[str, ...] = ()
    law_words: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    bare: bool = False

    def __bool__(self) -> bool:
        return bool(self.article or self.laws or self.phones)


def numbers_asked(text: str) -> NumbersAsked:
    """What *text*, a question as typed, asks about by number."""
    plain = _plain(text)
    laws = _laws_in(plain)
    article = _ARTICLE.search(plain)
    clause = _CLAUSE.search(plain) if article else None
    point = _POINT.search(normalise(text)) if clause else None
    phones = () if laws or article else _phones_asked(plain)
    if not (laws or article or phones):
        return NumbersAsked()
    words = _law_words(plain)
    left = plain
    for law in laws:
        left = left.replace(law, " ")
    left = re.sub(r"\d+[a-z]?\b", " ", left)
    known = ASKING_WORDS | set(words)
    rest = [word for word in syllables(left) if word not in known and len(word) > 1]
    return NumbersAsked(
        article=article[1] if article else "",
        clause=clause[1] if clause else "",
        point=point[1] if point else "",
        laws=laws,
        law_words=words,
        phones=phones,
        bare=len(rest) <= _MOST_LEFT,
    )


def phones_in(text: str) -> frozenset[str]:
    """
    The telephone numbers that *text* holds, digits only.

    Short ones only where the line speaks of calling; 111 to 119 anywhere but in the name of a law.
    """
    found: set[str] = set()
    for line in text.split("\n"):
        plain = fold(line)
        found |= {_digits(match.group()) for match in _PHONE.finditer(plain)}
        calls = bool(_PHONE_LINE.search(plain))
        for match in _SHORT_PHONE.finditer(plain):
            before = plain[: match.start()].rstrip("* ").rstrip()
            law = _PLACE_OF_LAW.search(before) and not before.endswith("so")
            if (
                not law
                and (_EMERGENCY.fullmatch(match.group()) or calls)
                and not re.fullmatch(_YEAR, match.group())
            ):
                found.add(match.group())
    return frozenset(found)


def laws_in(text: str) -> frozenset[str]:
    """The keys of the legal texts that *text* names by their số hiệu, as far as their endings are known."""
    keys = (law_register().full_key(match.group()) for match in _MENTIONED.finditer(_plain(text)))
    return frozenset(key for key in keys if key)


def article_mark(article: str) -> str:
    """How an article is looked up: `35/2013/QH13+16` → `35/2013/qh13+16`."""
    number, _, place = article.rpartition("+")
    return f"{number_key(number)}+{fold(place).lower()}"


def marks_in(text: str, articles: Iterable[str], named: Iterable[str]) -> frozenset[str]:
    """
    Everything a passage can be looked up by.

    Args:
        text: The passage's heading and text.
        articles: The articles it is, or cites.
        named: Titles of its sources.
    """
    marks = {article_mark(article) for article in articles}
    marks |= {mark.rpartition("+")[0] for mark in marks}
    return frozenset(marks) | phones_in(text) | laws_in("\n".join((text, *named)))


def _plain(text: str) -> str:
    return " ".join(fold(text).lower().split())


def _digits(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"0{digits[2:]}" if digits.startswith("84") and len(digits) > 9 else digits  # noqa: PLR2004 - +84 for 0


def _laws_in(plain: str) -> tuple[str, ...]:
    spans: list[tuple[int, int]] = []
    for pattern in (_WITH_YEAR, _WHOLE, _SERIAL_ONLY):
        for match in pattern.finditer(plain):
            if all(match.end() <= start or match.start() >= end for start, end in spans):
                spans.append(match.span())
    joined = []
    for start, end in sorted(spans):
        tail = re.match(r"\s?/\s?[a-z][\w&-]*", plain[end:])
        joined.append(plain[start : end + (tail.end() if tail else 0)])
    return tuple(dict.fromkeys(joined))


def _law_words(plain: str) -> tuple[str, ...]:
    for short, full in _CODES.items():
        plain = re.sub(rf"\b{short}\b", full, plain)
    named = re.search(r"\b(?:bo luat|luat|phap lenh|nghi dinh|thong tu)(?: ve)? (?!so\b|\d)([^?.!;]*)", plain)
    return tuple(syllables(named[1])) if named else ()


def _phones_asked(plain: str) -> tuple[str, ...]:
    long = [_digits(match.group()) for match in _PHONE.finditer(plain)]
    left = _PHONE.sub(" ", plain)
    short = [match.group() for match in _SHORT_PHONE.finditer(left) if not re.fullmatch(_YEAR, match.group())]
    numbers = tuple(dict.fromkeys((*long, *short)))
    if not numbers:
        return ()
    rest = [
        word
        for word in syllables(_SHORT_PHONE.sub(" ", left))
        if word not in {"so", "sdt", "dt", "may", "alo"}
    ]
    return numbers if not rest or _ASKS_PHONE.search(plain) else ()
