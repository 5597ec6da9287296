"""
Legal texts as passages: the khoản is the unit, an Điều is never crossed, nothing overlaps.

Adjacent khoản of one Điều are packed up to about 1,200 characters; one khoản stays whole up to 1,600
(about 420 tokens). A longer one is cut between its điểm, and only a điểm that is itself longer is cut at its
sentences. So a locator names all that its passage holds, and nothing else; where several pieces share a name,
each says which it is (`đoạn 2`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.law_text import point_of
from ingest.packing import PASSAGE_LIMIT, pack
from knowledge.model import PassageDraft
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.law_text import Article, Clause, LawText, Line

CLAUSE_LIMIT = 1_600  # characters; a khoản, or a điểm of a longer one, stays in one piece up to this
_PREAMBLE_MINIMUM = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """Khoản that stand together, or a piece of a long one."""

    clause: str  # the number of the khoản, or a range such as `1-3`; empty before the first khoản
    text: str
    page: int | None
    first_point: str = ""
    last_point: str = ""
    leads: bool = False  # what stands before the first điểm or khoản, by itself
    piece: int = 0  # which piece it is of something cut at its sentences
    alone: bool = False  # a piece of a long khoản is not packed with other khoản


def law_passages(text: LawText, *, number: str, title: str) -> list[PassageDraft]:
    """The passages of a law, in order; anchors are unique and follow Điều and khoản numbers."""
    where = _name(number, title)
    passages: list[PassageDraft] = []
    preamble = _texts(text.preamble)
    if sum(map(len, preamble)) >= _PREAMBLE_MINIMUM:
        passages.extend(_around("mo-dau", "Phần mở đầu", preamble, where))
    for article in text.articles:
        passages.extend(_article_passages(article, number=number, where=where))
    passages.extend(_around("phu-luc", "Phụ lục", _texts(text.appendix), where))
    return passages


def by_article(passages: list[PassageDraft]) -> dict[str, list[PassageDraft]]:
    """*passages* grouped by the article they are, in order; those of no article are left out."""
    cited = [passage for passage in passages if passage.articles]
    return {name: list(group) for name, group in groupby(cited, key=lambda passage: passage.articles[0])}


def _texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines if line.text]


def _around(stem: str, locator: str, lines: list[str], where: str) -> list[PassageDraft]:
    """What stands before the first Điều, or after the last."""
    return [
        PassageDraft(anchor=f"{stem}-{count}", text=piece, locator=locator, heading=where)
        for count, piece in enumerate(pack(lines), start=1)
    ]


def _article_passages(article: Article, *, number: str, where: str) -> list[PassageDraft]:
    units = [unit for clause in article.clauses for unit in _units(clause, article)]
    groups = _pack(units) or [
        _Unit(clause="", text=article.title or f"Điều {article.number}", page=article.page)
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


def _units(clause: Clause, article: Article) -> list[_Unit]:
    """*clause* whole, or by its điểm where it is long."""
    leads = not clause.number and len(article.clauses) > 1
    whole = _Unit(clause=clause.number, text=clause.text, page=clause.page, leads=leads)
    if len(clause.text) <= CLAUSE_LIMIT:
        return [whole]
    units: list[_Unit] = []
    for point, lines in _by_point(clause):
        unit = replace(
            whole,
            text="\n".join(line.text for line in lines),
            page=lines[0].page,
            first_point=point,
            last_point=point,
            leads=leads or (not point and any(point_of(line.text) for line in clause.lines)),
        )
        units.extend(_sentences(unit, lines))
    return [replace(unit, alone=True) for unit in _pack(units)]


def _by_point(clause: Clause) -> list[tuple[str, list[Line]]]:
    """The lines of *clause*: those before its first điểm, then each điểm's."""
    groups: list[tuple[str, list[Line]]] = []
    for line in clause.lines:
        point = point_of(line.text)
        if point or not groups:
            groups.append((point, []))
        groups[-1][1].append(line)
    return groups


def _sentences(unit: _Unit, lines: list[Line]) -> list[_Unit]:
    """*unit* whole, or where it is long by its lines and sentences, each piece told which it is."""
    if len(unit.text) <= CLAUSE_LIMIT:
        return [unit]
    pieces = pack([line.text for line in lines])
    pages = _pages(pieces, lines)
    return [
        replace(unit, text=text, page=page, piece=count, alone=True)
        for count, (text, page) in enumerate(zip(pieces, pages, strict=True), start=1)
    ]


def _pages(pieces: list[str], lines: list[Line]) -> list[int | None]:
    """The page on which each of *pieces* starts; together they are *lines*, letter by letter."""
    ends: list[int] = []
    for line in lines:
        ends.append((ends[-1] if ends else 0) + len("".join(line.text.split())))
    pages, at = [], 0
    for piece in pieces:
        pages.append(next((line.page for line, end in zip(lines, ends, strict=True) if end > at), None))
        at += len("".join(piece.split()))
    return pages


def _pack(units: list[_Unit]) -> list[_Unit]:
    """Joins neighbours while they fit; `clause` becomes a range such as `1-3`."""
    packed: list[_Unit] = []
    for unit in units:
        last = packed[-1] if packed else None
        if last and not last.alone and not unit.alone and _fit(last, unit):
            numbers = [name for name in (last.clause.split("-")[0], unit.clause) if name]
            packed[-1] = _Unit(
                clause="-".join(dict.fromkeys(numbers)),
                text=f"{last.text}\n{unit.text}",
                page=last.page,
                first_point=last.first_point or unit.first_point,
                last_point=unit.last_point or last.last_point,
            )
        else:
            packed.append(unit)
    return packed


def _fit(one: _Unit, other: _Unit) -> bool:
    return len(one.text) + 1 + len(other.text) <= PASSAGE_LIMIT


def _anchor(article: Article, unit: _Unit, *, whole: bool) -> str:
    part = f"phan-{article.part + 1}-" if article.part else ""
    anchor = f"{part}dieu-{fold(article.number) if 'đ' not in article.number else article.number[:-1] + 'dd'}"
    if whole or not unit.clause:
        return anchor
    anchor += f"-khoan-{unit.clause.replace('đ', 'dd')}"
    return f"{anchor}-diem-{unit.first_point.replace('đ', 'dd')}" if unit.first_point else anchor


def _locator(article: Article, unit: _Unit, *, whole: bool) -> str:
    words = piece = ""
    if not whole:
        ends = dict.fromkeys((unit.first_point, unit.last_point)) if unit.first_point else {}
        words = f"điểm {'–'.join(ends)} " if ends else ""
        words += f"khoản {unit.clause.replace('-', '–')} " if unit.clause else ""
        piece = (", phần đầu" if unit.leads else "") + (f", đoạn {unit.piece}" if unit.piece else "")
    page = f", tr. {unit.page}" if unit.page else ""
    attached = " (văn bản kèm theo)" if article.part else ""
    return f"{words}Điều {article.number}{attached}{piece}{page}"


def _name(number: str, title: str) -> str:
    short = title if len(title) <= 90 else title[:90].rsplit(" ", 1)[0] + "…"  # noqa: PLR2004 - a line
    return f"{short}, {number}" if number and number not in title else short
