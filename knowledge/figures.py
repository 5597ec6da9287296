"""
Figures that a question asks for or names, and the sentences of reports that hold them. Pure.

`Bà con báo được bao nhiêu tin` asks for a figure of `tin`, `ký ngày nào` for a day, `số mấy` for a number;
`18.160 tin là gì` names one, and so does the number of a plan (`27/CTr-CAT-MTTQ`). Money, time, age and
measures are no counts of a report: guides and laws tell those.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from knowledge.text.folding import fold, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

# Units of what no report counts, and words that are no unit.
_NO_COUNT = frozenset(
    (
        *(
            "gio",
            "phut",
            "giay",
            "ngay",
            "tuan",
            "thang",
            "quy",
            "nam",
            "tuoi",
            "tien",
            "dong",
            "vnd",
            "trieu",
            "ty",
        ),
        *(
            "ti",
            "nghin",
            "ngan",
            "k",
            "met",
            "m",
            "km",
            "kg",
            "ha",
            "lit",
            "do",
            "phan",
            "la",
            "thi",
            "o",
            "de",
        ),
        *(
            "cho",
            "va",
            "hoac",
            "cai",
            "muoi",
            "nua",
            "nay",
            "kia",
            "anh",
            "chi",
            "em",
            "ong",
            "ba",
            "bac",
            "dua",
        ),
        *("khoan", "muc", "buoc", "loai", "bo", "ban", "bang", "diem", "dieu"),
    )
)
_GROUPED = re.compile(
    r"(?<![\d.,/])\d{1,3}(?:\.\d{3})+(?![\d]|[.,/]\d)(?!\s?(?:đồng|dong|đ|d|vnđ|vnd|triệu|trieu|tr|k)\b)"
)
_HOW_MANY = re.compile(r"\b(?:bao nhiêu|mấy)\s+(\w+)(?:\s+(\w+))?")
_HOW_MANY_PLAIN = re.compile(r"\bbao nhieu\s+(\w+)(?:\s+(\w+))?")
_ORDINAL = re.compile(r"\b(?:số|thứ|ngày|mùng|mồng|tháng|năm)\s+$")
_NUMBER = re.compile(
    r"(?<![\w/])(?:\d{1,5}/[^\W\d_]{1,8}(?:-[^\W\d_]{1,8}){1,4}|\d{1,4}-[^\W\d_]{2,4}/[^\W\d_]{2,8})(?![\w/])"
)
_COUNTED = re.compile(
    r"(?<![\w.,/])(\d{1,3}(?:\.\d{3})+|\d{1,4}|[Hh]àng (?=chục|trăm|nghìn|ngàn|vạn|triệu))"
    r"(?:\s*(?:chục|trăm|nghìn|ngàn|triệu|vạn))?\s+(\w+)(?:\s+(\w+))?"
)
# What else is asked for: how, and what it looks like in a text; both folded.
_OTHER = (
    (r"\bngay (?:nao|may|thang)\b|\bhom nao\b", r"\b(?:ngay )?\d{1,2}/\d{1,2}(?:/\d{4})?\b"),
    (r"\bgiai doan nao\b", r"\bgiai doan (?:19|20)\d\d\s?-"),
    (r"\bso (?:may|bao nhieu|hieu)\b", r"\bso\s+\d{1,5}(?:[/-][\w&-]+)*"),
)
_DATED = re.compile(r"[^.;]{0,45}?\bngay \d")
_SPAN = re.compile(r"(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d")
_YEAR = re.compile(r"(?<![\d/.,-])(?:19|20)\d\d(?![\d]|[.,]\d)")
# `TP. Uông Bí` and `2. Việc khác` end no sentence.
_BEGINS = re.compile(r"(?<!\bTP)(?<!\bTp)(?<!\bTX)(?<!\d)[.!?…]\s+|\n")
_ENDS = re.compile(r"(?<!\bTP)(?<!\bTp)(?<!\bTX)[.!?…](?=\s|\Z)|\n")


@dataclass(frozen=True, slots=True)
class FiguresAsked:
    """
    What a question asks of figures; false where it asks nothing of them.

    `units` are (first, second) folded words after `bao nhiêu`; `figures` the figures and numbers of documents
    it names; `patterns` how days, periods and numbers look that it asks for; `years`, `spans` of years and
    `places` what it names besides.
    """

    units: tuple[tuple[str, str], ...] = ()
    figures: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    years: frozenset[str] = frozenset()
    spans: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        # `Ngày hội toàn dân là ngày nào` asks for no report: a day alone needs something to hold it to.
        held = self.years or self.spans or self.places
        return bool(self.units or self.figures or (self.patterns and held))


def figures_asked(text: str, restored: str) -> FiguresAsked:
    """What *text* asks of figures; *restored* is it with the diacritics that were left out."""
    plain = normalise(text)
    figures = (*_GROUPED.findall(plain), *_NUMBER.findall(plain))
    units = [*_units(normalise(restored)), *_units_plain(fold(plain))]
    return FiguresAsked(
        units=tuple(dict.fromkeys(unit for unit in units if unit[0] not in _NO_COUNT)),
        figures=tuple(dict.fromkeys(fold(figure) for figure in figures)),
        patterns=tuple(shape for asks, shape in _OTHER if re.search(asks, fold(plain))),
        years=frozenset(_YEAR.findall(_SPAN.sub(" ", plain))),
        spans=spans_in(plain),
        places=provinces_in(text),
    )


def sentences_with(text: str, asked: FiguresAsked) -> Iterator[tuple[int, float]]:
    """Where in *text* a figure stands that *asked* asks for, and how well it fits beside its kind: 0 to 1."""
    folded = _same_length(text)
    for figure in asked.figures:
        for match in re.finditer(rf"(?<![\w.,/]){re.escape(figure)}(?![\w]|[.,/-]\w)", folded):
            when = bool(asked.patterns) and _DATED.match(folded[match.end() :]) is not None
            yield match.start(), 1.0 if when else 0.0
    if asked.figures:
        return
    for match in _COUNTED.finditer(text):
        first, second = fold(match[2]), fold(match[3] or "")
        for unit, more in asked.units:
            if unit == first and not _is_year(match[1]):
                yield match.start(), 1.0 if more and more == second else 0.0
    for shape in asked.patterns if not asked.units else ():
        for match in re.finditer(shape, folded):
            yield match.start(), 0.0


def spans_in(text: str) -> frozenset[str]:
    """The spans of years in *text*, each written one way: `2019-2024`."""
    return frozenset("-".join(_YEAR.findall(re.sub(r"[-–]", " ", span))) for span in _SPAN.findall(text))


def sentence_at(text: str, at: int, limit: int) -> str:
    """The sentence of *text* around *at*, verbatim; cut at a comma or semicolon where longer than *limit*."""
    start = max((m.end() for m in _BEGINS.finditer(text, 0, at)), default=0)
    end = next((m.end() for m in _ENDS.finditer(text, at)), len(text))
    if end - start > limit:
        inside = [m.end() for m in re.finditer(r"[,;:]\s", text[start:end])]
        room = limit // 3
        start += max(
            (cut for cut in inside if at - room <= start + cut <= at), default=max(0, at - room - start)
        )
        ends = [start + m.start() for m in re.finditer(r"[,;]\s", text[start:end]) if m.start() <= limit]
        end = max((cut for cut in ends if cut > at), default=min(end, start + limit))
    return text[start:end].strip()


def provinces_in(text: str) -> tuple[str, ...]:
    """The provinces and cities that *text* names, folded, one of the names of each."""
    running = f" {' '.join(re.findall(r'[a-z0-9]+', fold(text)))} "
    return tuple(
        name for name, others in _provinces().items() if any(f" {other} " in running for other in others)
    )


@cache
def _provinces() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads((resources.files("knowledge") / "provinces.toml").read_text(encoding="utf-8"))
    plain = {name: " ".join(re.findall(r"[a-z0-9]+", fold(name))) for name in raw["names"]}
    also = {name: tuple(" ".join(re.findall(r"[a-z0-9]+", fold(other))) for other in others)
            for name, others in raw["also"].items()}  # fmt: skip
    return {folded: (folded, *also.get(name, ())) for name, folded in plain.items()}


def _units(plain: str) -> Iterator[tuple[str, str]]:
    for match in _HOW_MANY.finditer(plain):
        if not _ORDINAL.search(plain[: match.start()]):
            yield fold(match[1]), fold(match[2] or "")


def _units_plain(folded: str) -> Iterator[tuple[str, str]]:
    for match in _HOW_MANY_PLAIN.finditer(folded):
        yield match[1], match[2] or ""


def _is_year(figure: str) -> bool:
    return _YEAR.fullmatch(figure) is not None


def _same_length(text: str) -> str:
    """*text* folded letter by letter, so that places in it are places in *text*."""
    return "".join(plain if len(plain := fold(char)) == 1 else char for char in text)
