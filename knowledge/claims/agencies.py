"""Finds the agencies that a text names, and at which level. Pure, on plain text; the names are data."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from knowledge.claims.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

# After Vietnamese names, before or behind English ones; wards, townships and special zones are communes here.
_LEVELS: Final = {
    "xã": "commune",
    "phường": "commune",
    "đặc khu": "commune",
    "thị trấn": "commune",
    "commune": "commune",
    "ward": "commune",
    "huyện": "district",
    "quận": "district",
    "thị xã": "district",
    "district": "district",
    "tỉnh": "province",
    "thành phố": "province",
    "provincial": "province",
    "province": "province",
    "city": "province",
    "municipal": "province",
    "khu vực": "region",
    "regional": "region",
    "tối cao": "supreme",
    "supreme": "supreme",
    "trung ương": "centre",
    "central": "centre",
    "cấp trên": "above",
    "higher": "above",
    "cùng cấp": "same",
    "cơ sở": "commune",
    "thôn": "village",
    "village": "village",
}
_VI_LEVELS = (
    "đặc khu|thị trấn|thị xã|thành phố|khu vực|tối cao|trung ương|cấp trên|cùng cấp|xã|"
    "phường|huyện|quận|tỉnh|thôn"
)
_EN_LEVELS = (
    "commune(?:-level| level)?|ward|district(?:-level)?|provincial|province|municipal|city|"
    "regional|supreme|central|higher(?:-level)?"
)
_AFTER = (
    rf"(?: (?:nhân dân )?(?:cấp )?(?P<level>{_VI_LEVELS})(?!\w)(?P<more>(?:(?:, ?| và | hoặc |"
    rf"/)(?:cấp )?(?:{_VI_LEVELS})(?!\w))*))?"
)
_BEHIND = (
    rf"(?: (?:of|at|in) (?:the |your |a |any |same )*(?P<behind>{_EN_LEVELS}|same level)(?! "
    rf"(?:police|people|court)))?"
)
_CHAIR = (
    r"(?:(?P<deputy>phó )?(?P<chair>chủ tịch|trưởng|chairperson of|chairman of|chair of|head "
    r"of)(?: the| your| a)? )?"
)
_LEVEL_WORD = re.compile(_VI_LEVELS)


@cache
def _bodies() -> tuple[dict[str, str], frozenset[str], re.Pattern[str]]:
    """Name → body, the bodies that have levels, and what finds them all."""
    raw = tomllib.loads((resources.files("knowledge.claims") / "agencies.toml").read_text(encoding="utf-8"))
    names = {
        name: body for body, table in raw.items() for language in ("vi", "en") for name in table[language]
    }
    levelled = frozenset(body for body, table in raw.items() if table.get("levels"))
    alternatives = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = (
        rf"(?<!\w){_CHAIR}(?:(?P<before>{_EN_LEVELS}) )"
        rf"?(?:{_CHAIR.replace('chair>', 'chair2>').replace('deputy>', 'deputy2>')})"
        rf"(?P<name>{alternatives})(?!\w){_AFTER}{_BEHIND}"
    )
    return names, levelled, re.compile(pattern)


def agencies(text: str) -> Iterator[Fact]:
    """The agencies in plain *text*; value: body, level, `chair` for its head."""
    names, levelled, pattern = _bodies()
    for match in pattern.finditer(text):
        body = names[match["name"]]
        chair = "chair" if (match["chair"] or match["chair2"]) and body in levelled else ""
        for level in _levels(match) if body in levelled else [""]:
            yield Fact("agency", (body, level, chair), match.start(), match.end())


def _levels(match: re.Match[str]) -> list[str]:
    written = [match["before"], match["level"], match["behind"]]
    written += _LEVEL_WORD.findall(match["more"] or "")
    levels = [_level(word) for word in written if word]
    return list(dict.fromkeys(levels)) or [""]


def _level(word: str) -> str:
    return "same" if word == "same level" else _LEVELS[word.replace("-", " ").removesuffix(" level")]


def agency_fits(claimed: tuple[object, ...], known: tuple[object, ...]) -> bool:
    """Whether the *known* agency is the *claimed* one, as far as it is said: `công an xã` is `công an`."""
    body, level, chair = claimed
    return body == known[0] and level in ("", known[1]) and chair in ("", known[2])
