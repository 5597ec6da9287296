"""
Reads numbers as Vietnamese and English write them: digits, words, scales, halves. Pure.

Works on plain text (`knowledge.claims.spelling.plain`). `2.000.000`, `2 000 000`, `2 triệu` and `hai
triệu` are one value.
"""

from __future__ import annotations

import re
from typing import Final

_ONES: Final = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "nhăm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
}
_ENGLISH: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
SCALES: Final = {
    "nghìn": 1e3,
    "ngàn": 1e3,
    "ngìn": 1e3,
    "k": 1e3,
    "triệu": 1e6,
    "tr": 1e6,
    "tỷ": 1e9,
    "tỉ": 1e9,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
}
SCALE: Final = "nghìn|ngàn|ngìn|triệu|tỷ|tỉ|tr|k|thousand|million|billion"

# Groups set apart by a space are one number, but emergency numbers in a row are not.
DIGITS: Final = (
    r"\d{1,3}(?:[.,]\d{3})+(?![\d])|\d{1,3}(?: (?!11[1-9]\b)\d{3})+(?![\d.,]?\d)(?= "
    r"?(?:đ|đồng|vnđ|vnd|dong|người|lượt)\b)"
    r"|\d+(?:[.,]\d{1,2})?(?!\d)"
)
_WORD = "hai|ba|bốn|sáu|bảy|bẩy|tám|chín"
_TAIL = rf"(?:{_WORD}|một|mốt|tư|năm|lăm|nhăm)"
_HUNDREDS = (
    rf"(?:(?:một|{_WORD}|năm) trăm(?: (?:(?:linh|lẻ) {_TAIL}|mười(?: {_TAIL})?|(?:{_WORD}|năm)"
    rf" mươi(?: {_TAIL})?))?)"
)
_TENS = rf"(?:(?:{_WORD}|năm) mươi(?: {_TAIL})?|mười(?: {_TAIL})?)"
# A lone "một", "năm", "tư" is more often no number: callers say before which words they take it for one.
SURE: Final = rf"{_HUNDREDS}|{_TENS}|(?<!thứ )(?:{_WORD})"
UNSURE: Final = r"một|năm"
_ENGLISH_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ENGLISH_ONES = "one|two|three|four|five|six|seven|eight|nine"
ENGLISH: Final = (
    rf"(?:a|one|two|three|four|five|six|seven|eight|nine) hundred|(?:{_ENGLISH_TENS})"
    rf"(?:[- ](?:{_ENGLISH_ONES}))?"
    r"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|two|three|four|five|six|seven|eight|nine"
)
_GROUPED = re.compile(r"\d{1,3}(?:[., ]\d{3})+")


def value_of(written: str) -> float:
    """The value of *written*, one of the spellings above, without scale."""
    text = written.strip()
    if text[0].isdigit():
        if _GROUPED.fullmatch(text):
            return float(re.sub(r"\D", "", text))
        return float(text.replace(",", "."))
    words = text.replace("-", " ").split()
    if words[0] in _ENGLISH or words[0] == "a":
        return _english(words)
    return _vietnamese(words)


def _english(words: list[str]) -> float:
    if words[-1] == "hundred":
        return 100.0 * _ENGLISH.get(words[0], 1)
    return float(sum(_ENGLISH[word] for word in words))


def _vietnamese(words: list[str]) -> float:
    total, last = 0, 0
    for word in words:
        if word == "trăm":
            total, last = total - last + last * 100, 0
        elif word == "mươi":
            total, last = total - last + last * 10, 0
        elif word == "mười":
            total, last = total + 10, 0
        elif word not in {"linh", "lẻ"}:
            last = _ONES[word]
            total += last
    return float(total)
