"""
Legal texts as passages: the khoản is the unit, an Điều is never crossed, nothing overlaps.

Adjacent khoản of one Điều are packed up to about 1,200 characters; one khoản stays whole up to 1,600
(about 420 tokens) and is split at its điểm, then at sentences, beyond that.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.dates import find_date
from ingest.law_text import Article, Clause, LawText, Line, parse_law, point_of
from ingest.packing import PASSAGE_LIMIT, split_long
from knowledge.model import PassageDraft
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from datetime import date

CLAUSE_LIMIT = 1_600  # characters; a khoản up to this stays in one piece
_PREAMBLE_MINIMUM = 200
_HEADER = re.compile(
    r"(?P<number>\S*\d+\S*/\S+)\s(?P<name>[^|]*)\|(?P<issuer>[^|]*)\|\s*ban hành\s*(?P<issued>[^|]*?)\s*\|"
    r"\s*(?P<count>\d+) điều\b.*"
)
_EMPHASIS = re.compile(r"(?<![\w*])\s?\*{1,3}\s*([^*\n]{1,300}?)\s*\*{1,3}\s?")
_ATTACHMENT = re.compile(r"[^.]{1,100}\.(?:docx?|xlsx?|pdf|rtf)", re.IGNORECASE)
_CODES = ("hình sự", "tố tụng hình sự", "dân sự", "tố tụng dân sự", "lao động", "hàng hải việt nam")
_KINDS = (  # (in the number, word before the name)
    ("/TTLT", "Thông tư liên tịch"),
    ("/NQLT", "Nghị quyết liên tịch"),
    ("/NĐ-", "Nghị định"),
    ("/TT-", "Thông tư"),
    ("/QĐ", "Quyết định"),
    ("/NQ", "Nghị quyết"),
    ("/CT-", "Chỉ thị"),
    ("/PL", "Pháp lệnh"),
    ("/UBTVQH", "Nghị quyết"),
    ("/QH", "Luật"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A legal text and what its own lines say about it; empty where they do not."""

    text: LawText
    number: str = ""
    title: str = ""
    issuer: str = ""
    issued: date | None = None
    effective: date | None = None
    stated_count: int | None = None  # how many Điều the header line promises


@dataclass(frozen=True, slots=True)
class _Unit:
    """A khoản, or a piece of a long one."""

    clause: str
    text: str
    page: int | None
    first_point: str = ""
    last_point: str = ""
    alone: bool = False  # a piece of a split khoản is not packed with others


def read_law(lines: list[Line]) -> Law | None:
    """*lines* as a law, or None where they are none; knows the header line of the codified files."""
    first = next((line.text for line in lines if line.text), "")
    header = _HEADER.fullmatch(first)
    if header:
        place = next(n for n, line in enumerate(lines) if line.text)
        lines = lines[place + 1 :]
    text = parse_law([Line(_plain(line.text), line.page, line.is_heading) for line in lines])
    if text is None:
        return None
    dates = Counter(day for article in text.articles if (day := find_date(article.note)))
    effective = min(dates, key=lambda day: (-dates[day], day)) if dates else None
    if not header:
        return Law(text=text, effective=effective)
    number = header["number"]
    return Law(
        text=text,
        number=number,
        title=law_title(number, header["name"].strip()),
        issuer=header["issuer"].strip(),
        issued=find_date(header["issued"]),
        effective=effective,
        stated_count=int(header["count"]),
    )


def law_title(number: str, name: str) -> str:
    """*name* with the word for its kind before it: `Hòa giải ở cơ sở` → `Luật Hòa giải ở cơ sở`."""
    word = next((word for mark, word in _KINDS if mark in number.upper().replace("Ð", "Đ")), "")
    if word == "Luật" and name.lower() in _CODES:
        word = "Bộ luật"
    if not name:
        return f"{word} {number}".strip()
    if not word or fold(name).startswith((fold(word), "bo luat", "luat ")):
        return name[0].upper() + name[1:]
    return f"{word} {name}" if word in {"Luật", "Bộ luật"} else f"{word} {name[0].lower()}{name[1:]}"


def law_passages(text: LawText, *, number: str, title: str) -> list[PassageDraft]:
    """The passages of a law, in order; anchors are unique and follow Điều and khoản numbers."""
    where = _name(number, title)
    passages: list[PassageDraft] = []
    preamble = "\n".join(line.text for line in text.preamble)
    if len(preamble) >= _PREAMBLE_MINIMUM:
        for count, piece in enumerate(split_lines(preamble), start=1):
            passages.append(
                PassageDraft(anchor=f"mo-dau-{count}", text=piece, locator="Phần mở đầu", heading=where)
            )
    for article in text.articles:
        passages.extend(_article_passages(article, number=number, where=where))
    for count, piece in enumerate(split_lines("\n".join(line.text for line in text.appendix)), start=1):
        passages.append(PassageDraft(anchor=f"phu-luc-{count}", text=piece, locator="Phụ lục", heading=where))
    return passages


def split_lines(text: str, limit: int = PASSAGE_LIMIT) -> list[str]:
    """*text* packed by lines to *limit*."""
    return [unit.text for unit in _pack([_Unit("", line, None) for line in text.split("\n") if line], limit)]


def _article_passages(article: Article, *, number: str, where: str) -> list[PassageDraft]:
    units = [unit for clause in article.clauses for unit in _units(clause)]
    groups = _pack(units, PASSAGE_LIMIT) or [
        _Unit("", article.title or f"Điều {article.number}", article.page)
    ]
    heading = f"Điều {article.number}. {article.title}".rstrip(". ") + (f" ({where})" if where else "")
    cites = (f"{number}+{article.number}",) if number and article.part == 0 else ()
    anchors: Counter[str] = Counter()
    passages = []
    for group in groups:
        anchor = _anchor(article, group, whole=len(groups) == 1)
        anchors[anchor] += 1
        if anchors[anchor] > 1:
            anchor = f"{anchor}-{anchors[anchor]}"
        locator = _locator(article, group, whole=len(groups) == 1)
        passages.append(
            PassageDraft(anchor=anchor, text=group.text, locator=locator, heading=heading, articles=cites)
        )
    return passages


def _units(clause: Clause) -> list[_Unit]:
    if len(clause.text) <= CLAUSE_LIMIT:
        return [_Unit(clause.number, clause.text, clause.page)]
    lines: list[_Unit] = []
    point = ""
    for line in clause.lines:
        point = point_of(line.text) or point
        lines.extend(
            _Unit(clause.number, piece, line.page, point, point)
            for piece in split_long(line.text, PASSAGE_LIMIT)
        )
    packed = _pack(lines, PASSAGE_LIMIT)
    return [_Unit(u.clause, u.text, u.page, u.first_point, u.last_point, alone=True) for u in packed]


def _pack(units: list[_Unit], limit: int) -> list[_Unit]:
    """Joins neighbours while they fit; `clause` becomes a range such as `1-3`."""
    packed: list[_Unit] = []
    for unit in units:
        last = packed[-1] if packed else None
        if last and not last.alone and not unit.alone and len(last.text) + 1 + len(unit.text) <= limit:
            numbers = [name for name in (last.clause.split("-")[0], unit.clause) if name]
            span = "-".join(dict.fromkeys(numbers))
            points = (last.first_point or unit.first_point, unit.last_point or last.last_point)
            packed[-1] = _Unit(span, f"{last.text}\n{unit.text}", last.page, *points)
        else:
            packed.append(unit)
    return packed


def _anchor(article: Article, unit: _Unit, *, whole: bool) -> str:
    part = f"phan-{article.part + 1}-" if article.part else ""
    anchor = f"{part}dieu-{fold(article.number) if 'đ' not in article.number else article.number[:-1] + 'dd'}"
    if whole or not unit.clause:
        return anchor
    anchor += f"-khoan-{unit.clause.replace('đ', 'dd')}"
    return f"{anchor}-diem-{_ascii(unit.first_point)}" if unit.first_point else anchor


def _ascii(point: str) -> str:
    return point.replace("đ", "dd")


def _locator(article: Article, unit: _Unit, *, whole: bool) -> str:
    words = ""
    if not whole and unit.clause:
        words = f"khoản {unit.clause.replace('-', '–')} "
        if unit.first_point:
            ends = dict.fromkeys((unit.first_point, unit.last_point))
            words = f"điểm {'–'.join(ends)} {words}"
    page = f", tr. {unit.page}" if unit.page else ""
    attached = " (văn bản kèm theo)" if article.part else ""
    return f"{words}Điều {article.number}{attached}{page}"


def _name(number: str, title: str) -> str:
    short = title if len(title) <= 90 else title[:90].rsplit(" ", 1)[0] + "…"  # noqa: PLR2004 - a line
    return f"{short}, {number}" if number and number not in title else short


def _plain(line: str) -> str:
    """*line* without the emphasis marks of the codification, and without names of attached files."""
    if _ATTACHMENT.fullmatch(line):
        return ""
    if "*" not in line or line.startswith("**"):
        return line
    text = _EMPHASIS.sub(r" \1 ", line)
    return re.sub(r" ([,.;:)])", r"\1", " ".join(text.split()))


def by_article(passages: list[PassageDraft]) -> dict[str, list[PassageDraft]]:
    """*passages* grouped by the article they are, in order; those of no article are left out."""
    cited = [passage for passage in passages if passage.articles]
    return {name: list(group) for name, group in groupby(cited, key=lambda passage: passage.articles[0])}
