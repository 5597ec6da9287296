"""The numbers that Word writes before paragraphs: counted here, as they stand nowhere in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEVELS = 9


class Numbering:
    """Counts the lists of one document, in reading order."""

    def __init__(self, part: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # numId → level → (format, text, start)
        self._lists: dict[str, str] = {}  # numId → abstract list: lists that share one count together
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _LEVELS)
        if part is not None:
            self._read(part)

    def label(self, num_id: str, level: int) -> str:
        """The next number of list *num_id* at *level*, as shown; bullets are `-`; unknown lists nothing."""
        levels = self._levels.get(num_id)
        if levels is None or level not in levels:
            return ""
        counts = self._counts[self._lists[num_id]]
        counts[level] = counts[level] + 1 if counts[level] else levels[level][2]
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        style, text, _ = levels[level]
        if style == "bullet":
            return "-"
        if style == "none":
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form, _, start = levels.get(at, ("decimal", "", 1))
            return spell(counts[at] or start, form)

        return re.sub(r"%([1-9])", shown, text).strip()

    def _read(self, part: Any) -> None:
        abstract = {
            item.get(f"{_W}abstractNumId"): {
                int(level.get(f"{_W}ilvl", "0")): _level(level) for level in item.iter(f"{_W}lvl")
            }
            for item in part.iter(f"{_W}abstractNum")
        }
        for number in part.iter(f"{_W}num"):
            link = number.find(f"{_W}abstractNumId")
            if link is None:
                continue
            num_id, target = number.get(f"{_W}numId", ""), link.get(f"{_W}val", "")
            self._levels[num_id] = dict(abstract.get(target, {}))
            restarted = number.find(f"{_W}lvlOverride") is not None
            self._lists[num_id] = f"num-{num_id}" if restarted else target


def _level(level: Any) -> tuple[str, str, int]:
    def value(name: str, default: str) -> str:
        element = level.find(f"{_W}{name}")
        return default if element is None else str(element.get(f"{_W}val", default))

    start = value("start", "1")
    return value("numFmt", "decimal"), value("lvlText", ""), int(start) if start.isdigit() else 1


def spell(count: int, form: str) -> str:
    """*count* in the *form* that Word calls so: decimal, decimalZero, lowerLetter, upperRoman and such."""
    if form in {"lowerLetter", "upperLetter"}:
        letter = _LETTERS[(count - 1) % len(_LETTERS)]
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"}:
        roman = _roman(count)
        return roman.lower() if form == "lowerRoman" else roman
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    spelled = ""
    for value, letters in _ROMAN:
        spelled += letters * (count // value)
        count %= value
    return spelled
