"""Finds the places in laws that a text names: số hiệu, and điểm, khoản, Điều. Pure, on plain text."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from knowledge.claims.fact import Fact
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEAR = r"(?:19|20)\d\d"
_KINDS = {
    "luật": "law",
    "bộ luật": "law",
    "law": "law",
    "code": "law",
    "nghị định": "decree",
    "decree": "decree",
    "nđ": "decree",
    "thông tư liên tịch": "circular",
    "thông tư": "circular",
    "circular": "circular",
    "tt": "circular",
    "quyết định": "decision",
    "decision": "decision",
    "qđ": "decision",
    "nghị quyết": "resolution",
    "resolution": "resolution",
    "chỉ thị": "directive",
    "directive": "directive",
    "kết luận": "conclusion",
    "conclusion": "conclusion",
    "pháp lệnh": "ordinance",
    "ordinance": "ordinance",
    "kế hoạch": "plan",
    "plan": "plan",
    "thông báo": "notice",
    "notice": "notice",
    "chương trình": "programme",
    "hướng dẫn": "guidance",
}
_KIND = "|".join(sorted(_KINDS, key=len, reverse=True))
_ENDING_KINDS = {
    "qh": "law",
    "nđ": "decree",
    "nd": "decree",
    "tt": "circular",
    "qđ": "decision",
    "qd": "decision",
    "nq": "resolution",
    "ct": "directive",
    "kl": "conclusion",
    "kh": "plan",
    "tb": "notice",
}
_NUMBER = re.compile(
    rf"(?<![\w/.-])(?:(?P<kind>{_KIND})(?: số| no\.?| number)?[ :]+)?(?P<serial>\d{{1,4}})"
    rf"(?:/(?P<year>{_YEAR})(?!\d))?(?:[/-](?P<ending>[a-zđ][\w&]*(?:[-/][a-zđ0-9&]+)*))?(?![\w/]|[.,]\d)"
)

_ARTICLE = r"(?:điều|article|art\.?)(?: số)? (?P<{0}>\d{{1,3}}[a-zđ]?)(?![\w/]|[.,]\d)"
_ONE = re.compile(
    r"(?:(?P<point>điểm|point)s? (?P<points>[a-zđ]\d?(?:(?:, ?| và | and )[a-zđ]\d?(?=[ ,;.)]|$))*)"
    r"|(?P<clause>khoản|clause|paragraph)s?(?: số)? (?P<clauses>\d{1,3}[a-zđ]?(?:(?:, ?| "
    r"và | and | ?- ?)\d{1,3}[a-zđ]?)*)"
    r"|(?P<article>điều|article|art\.?)s?(?: số)? (?P<articles>\d{1,3}[a-zđ]?(?:(?:, ?| "
    r"và | and | ?- ?)\d{1,3}[a-zđ]?)*))"
    r"(?![\w/]|[.,]\d)"
)
_BETWEEN = re.compile(r"[ ,]*(?:của|of|in|under)?[ ,]*")
_CHAPTER = re.compile(r"\b(?:chương|chapter|phần thứ|mục) ([ivxl]+|\d{1,2})\b")


def law_numbers(text: str) -> Iterator[Fact]:
    """The số hiệu in plain *text*; value: kind, serial, year, ending, each "" where not said."""
    for match in _NUMBER.finditer(text):
        kind, year, ending = match["kind"] or "", match["year"] or "", match["ending"] or ""
        if not (kind or ending) or (kind and not year and not ending and len(match["serial"]) < 2):  # noqa: PLR2004
            continue  # "282/2025" alone may be anything, and "quyết định 1 người" is no document
        if kind and not year and not ending and not _alone(text, match.end()):
            continue
        named = _KINDS.get(kind, "") or _kind_of(ending)
        start = match.start("serial")
        yield Fact("law", (named, match["serial"].lstrip("0"), year, fold(ending)), start, match.end())


def _alone(text: str, end: int) -> bool:
    """Whether a serial number without year is not followed by what it counts."""
    return re.match(r" ?(?:[,.;:)]|$|về|của|và|có|thì|quy|on|of|and)", text[end:]) is not None


def _kind_of(ending: str) -> str:
    letters = re.match(r"[a-zđ]+", ending)
    if letters is None:
        return ""
    return next((kind for start, kind in _ENDING_KINDS.items() if letters[0].startswith(start)), "")


def articles(text: str) -> Iterator[Fact]:
    """The places in plain *text*, each as (article, clause, point) with "" for what is not said."""
    parts = list(_ONE.finditer(text))
    at = 0
    while at < len(parts):
        group = [parts[at]]
        while at + 1 < len(parts) and _joins(text, group, parts[at + 1]):
            at += 1
            group.append(parts[at])
        at += 1
        yield from _places(group)


def _joins(text: str, group: list[re.Match[str]], following: re.Match[str]) -> bool:
    between = text[group[-1].end() : following.start()]
    kinds = {_kind(part) for part in group}
    return _BETWEEN.fullmatch(between) is not None and _kind(following) not in kinds


def _kind(part: re.Match[str]) -> str:
    return "point" if part["point"] else "clause" if part["clause"] else "article"


def _places(group: list[re.Match[str]]) -> Iterator[Fact]:
    said = {kind: [""] for kind in ("article", "clause", "point")}
    for part in group:
        kind = _kind(part)
        said[kind] = _expanded(part[f"{kind}s"])
    start, end = group[0].start(), group[-1].end()
    values = list(product(said["article"], said["clause"], said["point"]))
    yield Fact("article", tuple(values), start, end)


def _expanded(listed: str) -> list[str]:
    """`1, 2 và 4-6` as its members."""
    members: list[str] = []
    for part in re.split(r", ?| và | and ", listed):
        ends = re.split(r" ?- ?", part)
        if len(ends) == 2 and ends[0].isdigit() and ends[1].isdigit() and int(ends[0]) < int(ends[1]):  # noqa: PLR2004
            members += [str(number) for number in range(int(ends[0]), int(ends[1]) + 1)]
        else:
            members += ends
    return members


def chapters(text: str) -> Iterator[Fact]:
    """The chapters that plain *text* names."""
    for match in _CHAPTER.finditer(text):
        yield Fact("chapter", (match[1],), match.start(), match.end())


def law_fits(claimed: tuple[object, ...], known: tuple[object, ...]) -> bool:
    """Whether the số hiệu *claimed* is the *known* one, as far as it is said."""
    for said, stands in zip(claimed, known, strict=True):
        if said and stands and said != stands and not _ending_fits(str(said), str(stands)):
            return False
    # Year and serial are what tells one text from another: none may be made up.
    return claimed[1] == known[1] and (not claimed[2] or claimed[2] == known[2])


def _ending_fits(said: str, stands: str) -> bool:
    return "-" in stands and stands.startswith(f"{said}-")
