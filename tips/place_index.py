"""
The index behind `tips.places`: every name a commune is or was known by, found in a line of words.

Scores are sums of what speaks for a candidate: the name, its marks, its type, its province, its district.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tips.folding import fold, normalise
from tips.place_list import place_list, split_commune, split_district, split_province, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS_LIMIT = 40
_WINDOW = 6  # words of the longest name searched for
_SHORT_LINE = 8  # words: a line so short is a place's name and not a story, slips are looked for everywhere
_SLIP_LETTERS = 5  # a name must have so many to be recognised with a slip

# What each thing is worth.
_EXACT, _SLIP = 1.0, 0.7
_FITS = 0.95  # an exact name that does not fit so well may be a slip of another
_MARKS, _OTHER_MARKS = 0.1, -0.15
_TYPE, _OTHER_TYPE = 0.15, -0.05
_PROVINCE, _OTHER_PROVINCE = 0.3, -0.5
_DISTRICT, _OTHER_DISTRICT = 0.25, -0.6
_FORMER = -0.1
_WORD = 0.04  # each word of a name beyond the first
_DISTRICT_ALONE = 0.75
_NAMESAKE = 0.1
_NAME_OF_PROVINCE = -0.4  # words that may as well be the province, beside other words

_GLUED = re.compile(r"\b(p|f|q|x|h|phuong|quan|xa|huyen)\.?\s*([0-9]{1,2})\b")
_SHORT = {"p": "phuong", "f": "phuong", "x": "xa", "q": "quan", "h": "huyen", "t": "tinh", "tx": "thi xa"}
_SHORT |= {"tt": "thi tran", "dk": "dac khu", "tp": "thanh pho", "tphcm": "thanh pho ho chi minh"}
_SHORT |= {
    "hcm": "ho chi minh",
    "hcmc": "ho chi minh",
    "sg": "sai gon",
    "hn": "ha noi",
    "brvt": "ba ria vung tau",
}
_COMMUNE_TYPES = ("phuong", "xa", "dac khu", "thi tran")
_DISTRICT_TYPES = ("quan", "huyen", "thi xa", "thanh pho")
_TYPES = (*_DISTRICT_TYPES, "tinh", *_COMMUNE_TYPES)  # "thi xa" before "xa"
_ALSO_PROVINCES = {"saigon": "79", "tphochiminh": "79", "hue": "46", "daclac": "66", "dacnong": "68"}


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one or more communes of today."""

    kind: str  # "phuong", "xa", "dac khu", "thi tran"
    written: str  # as listed, with its type: tells marks apart
    words: int
    codes: tuple[str, ...]
    is_former: bool
    district: str = ""  # folded with its type; of a former name


@dataclass(frozen=True, slots=True)
class Hit:
    """How well a commune fits."""

    score: float


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    codes: frozenset[str]  # of the communes in it
    is_typed: bool = False  # "quận 1", "huyện Gia Lâm"

    def covers(self, start: int, end: int) -> bool:
        """Whether those words lie in this mention."""
        return self.start <= start and end <= self.end


@dataclass(slots=True)
class _Line:
    """What was typed, taken apart once."""

    words: list[str]
    written: list[str]  # the same words with their marks; empty if they do not line up
    provinces: list[_Mention] = field(default_factory=list)
    districts: list[_Mention] = field(default_factory=list)

    def type_before(self, start: int) -> str:
        """The type of unit that stands right before word *start*; "" if there is none."""
        for kind in _TYPES:
            parts = kind.split()
            if start >= len(parts) and self.words[start - len(parts) : start] == parts:
                return kind
        return ""


class PlaceIndex:
    """Names by their letters without spaces, and their halves, so that one slip is found."""

    def __init__(self) -> None:
        self._names: dict[str, list[Name]] = defaultdict(list)
        self._heads: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._tails: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._provinces: dict[str, frozenset[str]] = {}
        self._districts: dict[str, frozenset[str]] = {}  # folded bare name; numbered ones with "quan"
        self._read()

    def _read(self) -> None:
        listed = place_list()
        provinces: dict[str, set[str]] = defaultdict(set)
        districts: dict[str, set[str]] = defaultdict(set)
        for commune in listed.communes.values():
            self._add(commune.name, (commune.code,), district="")
            for key in (commune.province_code, split_province(commune.province)[1].replace(" ", "")):
                provinces[key].add(commune.code)
        for former in listed.former:
            kind, bare = split_district(former.district)
            district = f"{kind}{bare}".replace(" ", "")
            self._add(former.name, former.codes, district=district)
            districts[district].update(former.codes)
            if not bare.isdigit():
                districts[bare.replace(" ", "")].update(former.codes)
            provinces[split_province(former.province)[1].replace(" ", "")].update(former.codes)
        for alias, code in _ALSO_PROVINCES.items():
            provinces[alias] = provinces[code]
        self._provinces = {key: frozenset(codes) for key, codes in provinces.items() if not key.isdigit()}
        self._districts = {key: frozenset(codes) for key, codes in districts.items()}
        for key in self._names:
            half = len(key) // 2
            self._heads[len(key), key[:half]].append(key)
            self._tails[len(key), key[half:]].append(key)

    def _add(self, name: str, codes: tuple[str, ...], *, district: str) -> None:
        kind, bare = split_commune(name)
        words = bare.count(" ") + 1
        entry = Name(kind, name, words, codes, is_former=bool(district), district=district)
        self._names[bare.replace(" ", "")].append(entry)

    def search(self, text: str) -> dict[str, Hit]:
        """Every commune that *text* may name, by code."""
        line = self._take_apart(text)
        best: dict[str, float] = {}
        fitting: set[int] = set()
        for start, end, key in self._windows(line):
            if self._score(line, (start, end), key, _EXACT, best) >= _FITS:
                fitting.add(start)
        for start, end, key in self._slips(line, fitting, is_vain=not best):
            self._score(line, (start, end), key, _SLIP, best)
        for mention in line.districts:
            if mention.is_typed or not best:
                self._add_district(line, mention, best)
        return {code: Hit(score) for code, score in best.items() if score > 0}

    def _score(
        self, line: _Line, place: tuple[int, int], key: str, base: float, best: dict[str, float]
    ) -> float:
        """Put into *best* what the name *key*, heard at *place*, may mean; gives the best score of it."""
        highest = 0.0
        for name in self._names[key]:
            for code in name.codes:
                score = base + self._fit(line, *place, name, code)
                best[code] = max(best.get(code, 0.0), score)
                highest = max(highest, score)
        return highest

    def _add_district(self, line: _Line, mention: _Mention, best: dict[str, float]) -> None:
        """All of a district that was named; of these the commune that has its name first."""
        key = "".join(line.words[mention.start : mention.end])
        namesakes = {code for name in self._names.get(key, ()) if not name.is_former for code in name.codes}
        for code in mention.codes:
            score = _DISTRICT_ALONE + (_NAMESAKE if code in namesakes else 0.0)
            score += self._province_fit(line, mention.start, mention.end, code)
            best[code] = max(best.get(code, 0.0), score)

    def _take_apart(self, text: str) -> _Line:
        tidy = _GLUED.sub(r"\1 \2", fold(text))
        words: list[str] = []
        for position, word in enumerate(raw := words_of(tidy)[:WORDS_LIMIT]):
            stands_for = _SHORT.get(word, word) if position + 1 < len(raw) or len(word) > 1 else word
            words += stands_for.split()
        line = _Line(words[:WORDS_LIMIT], [])
        written = re.findall(r"[^\W_]+", normalise(text).replace("’", "").replace("'", ""))
        if [fold(word) for word in written] == line.words and line.words != written:
            line.written = written
        line.provinces = list(self._mentions(line, self._provinces))
        line.districts = list(self._mentions(line, self._districts))
        return line

    def _mentions(self, line: _Line, known: dict[str, frozenset[str]]) -> Iterator[_Mention]:
        for start in range(len(line.words)):
            before = line.type_before(start)
            if before in _COMMUNE_TYPES:
                continue
            for end in range(start + 1, min(start + _WINDOW, len(line.words)) + 1):
                codes = known.get("".join(line.words[start:end]))
                if codes:
                    is_typed = before in _DISTRICT_TYPES or line.words[start] in _DISTRICT_TYPES
                    yield _Mention(start, end, codes, is_typed)

    def _windows(self, line: _Line) -> Iterator[tuple[int, int, str]]:
        """Start, end and name of every stretch of words that is a known name."""
        count = len(line.words)
        for start in range(count):
            before = line.type_before(start)
            if before and before not in _COMMUNE_TYPES:
                continue
            for end in range(start + 1, min(start + _WINDOW, count) + 1):
                key = "".join(line.words[start:end])
                weak = end - start == 1 and (key.isdigit() or (count > 1 and len(key) <= _SLIP_LETTERS))
                if key in self._names and (before or not weak) and not self._part_of_more(line, start, end):
                    yield start, end, key

    @staticmethod
    def _part_of_more(line: _Line, start: int, end: int) -> bool:
        """Whether the words are only a part of a province or district: the `Chí Minh` of `Hồ Chí Minh`."""
        mentions = (*line.provinces, *line.districts)
        return not line.type_before(start) and any(
            mention.covers(start, end) and mention.end - mention.start > end - start for mention in mentions
        )

    def _slips(self, line: _Line, known: set[int], *, is_vain: bool) -> Iterator[tuple[int, int, str]]:
        """As `_windows`, of names with one slip: after a type, or anywhere if nothing else was found."""
        count = len(line.words)
        told = (*line.provinces, *(mention for mention in line.districts if mention.is_typed))
        anywhere = is_vain and not any(mention.is_typed for mention in told) and count <= _SHORT_LINE
        for start in range(count):
            before = line.type_before(start)
            if start in known or not (before in _COMMUNE_TYPES or (anywhere and not before)):
                continue
            for end in range(start + 1, min(start + _WINDOW, count) + 1):
                key = "".join(line.words[start:end])
                long_enough = len(key) >= _SLIP_LETTERS and (before or end - start > 1)
                if long_enough and not any(mention.covers(start, end) for mention in told):
                    yield from ((start, end, near) for near in self._near(key))

    def _near(self, key: str) -> set[str]:
        """The names one slip away from *key*: one of their halves is right, whatever the slip."""
        found: set[str] = set()
        for length in (len(key) - 1, len(key), len(key) + 1):
            half = length // 2
            for rest in {half, half - 1, half + 1}:  # a slip at the seam moves it
                found.update(self._heads.get((length, key[:half]), ()))
                found.update(self._tails.get((length, key[rest:]), ()))
        return {name for name in found if len(name) >= _SLIP_LETTERS and _one_slip(key, name)}

    def _fit(self, line: _Line, start: int, end: int, name: Name, code: str) -> float:
        score = _WORD * (name.words - 1) + (_FORMER if name.is_former else 0.0)
        before = line.type_before(start)
        if before:
            score += _TYPE if before == name.kind else _OTHER_TYPE
        if line.written:
            typed = " ".join(line.written[start:end])
            score += _MARKS if typed == _bare_written(name.written, name.words) else _OTHER_MARKS
        if not before and any((start, end) == (mention.start, mention.end) for mention in line.provinces):
            score += _NAME_OF_PROVINCE if end - start < len(line.words) else 0.0
        score += self._district_fit(line, start, end, name, code)
        return score + self._province_fit(line, start, end, code)

    def _district_fit(self, line: _Line, start: int, end: int, name: Name, code: str) -> float:
        told = [mention for mention in line.districts if self._apart(mention, start, end)]
        if any(self._in_district(mention, name, code) for mention in told):
            return _DISTRICT
        return _OTHER_DISTRICT if any(mention.is_typed for mention in told) else 0.0

    def _in_district(self, mention: _Mention, name: Name, code: str) -> bool:
        """Whether the district is the one; of a former name, its own district and not only where it went."""
        return code in mention.codes and (
            not name.is_former or mention.codes >= self._districts[name.district]
        )

    def _province_fit(self, line: _Line, start: int, end: int, code: str) -> float:
        told = [mention for mention in line.provinces if self._apart(mention, start, end)]
        if not told:
            return 0.0
        return _PROVINCE if any(code in mention.codes for mention in told) else _OTHER_PROVINCE

    @staticmethod
    def _apart(mention: _Mention, start: int, end: int) -> bool:
        return mention.end <= start or end <= mention.start


@lru_cache(maxsize=4096)
def _bare_written(name: str, words: int) -> str:
    return " ".join(re.findall(r"[^\W_]+", normalise(name).replace("’", "").replace("'", ""))[-words:])


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two swapped, make *other* of *one*."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped == other[at:]


@cache
def place_index() -> PlaceIndex:
    """The one index; built the first time it is asked for."""
    return PlaceIndex()
