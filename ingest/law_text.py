"""
The state machine that reads a legal text: Phần > Chương > Mục > Điều > khoản > điểm.

Pure. What makes it hard: sentences that begin with "Điều 45." after a line break, numbers that begin
a line inside a sentence, quoted articles in amending laws, tables of contents, and decrees with a
second text attached that counts from Điều 1 again. So an Điều must be followed by `.` or `:` and rise;
a khoản is the previous one plus one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARTICLE = re.compile(r"[#*_\s]*Điều\s+(\d{1,4})\s?([a-zđ]?)\s*[.:]\s*(.*?)[*_\s]*$")
_CLAUSE = re.compile(r"[*_\s]*(\d{1,3})([a-zđ]?)\\?\.[*_]*\s+\S")
_POINT = re.compile(r"[*_\s]*([a-zđ]{1,2}\d?)\)[*_]*\s+\S")
_DIVISION = re.compile(
    r"[#*_\s]*(?:(?:PHẦN|Phần)\s+(?:THỨ|thứ)\s+\w+|(?:PHẦN|Phần)\s+[IVX\d]+|(?:CHƯƠNG|Chương)\s+[IVXLC\d]+"
    r"|(?:MỤC|Mục)\s+(?:[IVX]+|\d+)|(?:TIỂU MỤC|Tiểu mục)\s+\d+)\b[.:]?\s*(?![a-zà-ỹđ,;])[^;]{0,200}"
)
_CARRIED = re.compile(r"(?:\b(?:tại|của|và|theo|hoặc|các|với|từ|đến|khoản \d+|điểm [a-zđ])|,)$")
_END = re.compile(
    r"(?:Nơi nhận\s*:|(?:TM|KT|TL|TUQ)\.\s+[A-ZĐÀ-Ỹ]|(?:PHỤ LỤC|Phụ lục)\s*(?:[IVX]+|\d+|SỐ)?\b[^.;]{0,80}$)"
)
_EFFECT = re.compile(r"\[hiệu lực\s*([^\]]*)\]\s*$")
_EMPTY_BODY = 30  # characters: an article with less than this is a line of a table of contents
_TITLE_LIMIT = 250
_GAP = 3  # khoản missing in a row, at most


class Line(NamedTuple):
    """One line of a document: its page where pages exist, and whether the format calls it a heading."""

    text: str
    page: int | None = None
    is_heading: bool = False


@dataclass
class Clause:
    """One khoản with its điểm, or (`number` empty) what stands before the first khoản."""

    number: str
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as written."""
        return "\n".join(line.text for line in self.lines)

    @property
    def page(self) -> int | None:
        """The page it starts on."""
        return self.lines[0].page if self.lines else None


@dataclass
class Article:
    """One Điều. `part` is 0 for the law itself, 1… for texts attached to it that count anew."""

    number: str  # 12, or 12a
    title: str
    part: int
    note: str = ""  # what stands in [hiệu lực …], where the text is codified
    divisions: tuple[str, ...] = ()  # Phần, Chương, Mục that open right before it
    page: int | None = None
    clauses: list[Clause] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything below the heading."""
        return "\n".join(clause.text for clause in self.clauses)


@dataclass
class LawText:
    """A legal text taken apart; nothing of it is lost but tables of contents and signatures."""

    preamble: list[Line]
    articles: list[Article]
    appendix: list[Line]


class _Head(NamedTuple):
    at: int
    key: tuple[int, str]
    title: str


def parse_law(lines: list[Line]) -> LawText | None:
    """*lines* as a law, or None where fewer than two Điều stand in it."""
    heads, codified = _heads(lines)
    segments = _segments(heads)
    if sum(map(len, segments)) < 2:  # noqa: PLR2004 - one Điều alone may be quoted
        return None
    ends = [*[head.at for segment in segments for head in segment][1:], len(lines)]
    starts = {head.at: end for head, end in zip((h for s in segments for h in s), ends, strict=True)}
    again = {head.key for head in heads} if codified else set()
    built = [[_article(lines, head, starts[head.at], again) for head in segment] for segment in segments]
    kept = [segment for segment in built if len(built) == 1 or not _is_contents(segment)] or built
    first = segments[built.index(kept[0])][0].at
    articles: list[Article] = []
    for part, segment in enumerate(kept):
        for article in segment:
            article.part = part
            articles.append(article)
    divisions, preamble = _take_divisions(lines[:first])
    articles[0].divisions = tuple(divisions)
    appendix = _close(articles)
    return LawText(preamble=[line for line in preamble if line.text], articles=articles, appendix=appendix)


def point_of(line: str) -> str:
    """The letter of the điểm that *line* opens, or nothing."""
    match = _POINT.match(line)
    return match[1] if match else ""


def _heads(lines: list[Line]) -> tuple[list[_Head], bool]:
    heads: list[_Head] = []
    marked: list[_Head] = []
    previous = ""
    for index, line in enumerate(lines):
        match = _ARTICLE.match(line.text)
        if match and (line.is_heading or not _CARRIED.search(previous)):
            head = _Head(index, (int(match[1]), match[2]), match[3].strip())
            heads.append(head)
            after = next((later.text for later in lines[index + 1 : index + 3] if later.text), "")
            if _EFFECT.match(after):
                marked.append(head)
        if line.text:
            previous = line.text
    codified = len(marked) * 2 > len(heads)
    return (marked if codified else heads), codified


def _segments(heads: list[_Head]) -> list[list[_Head]]:
    """Runs of rising articles; a stray one that jumps over articles still to come is skipped."""
    segments: list[list[_Head]] = []
    last = (0, "")
    for place, head in enumerate(heads):
        number = head.key[0]
        if head.key > last and segments:
            following = (later.key[0] for later in heads[place + 1 :])
            if number > last[0] + 1 and _comes_back(following, last[0] + 1, number):
                continue
            segments[-1].append(head)
        elif not segments or head.key == (1, ""):
            segments.append([head])
        else:
            continue
        last = head.key
    return segments


def _comes_back(following: Iterable[int], wanted: int, jumped: int) -> bool:
    for number in following:
        if number == wanted:
            return True
        if number == 1 or number > jumped:
            return False
    return False


def _article(lines: list[Line], head: _Head, end: int, again: set[tuple[int, str]]) -> Article:
    body = [line for line in lines[head.at + 1 : end] if line.text]
    note = ""
    if body and (match := _EFFECT.match(body[0].text)):
        note, body = match[1].strip(), body[1:]
    body = _without_repeats(body, again)
    title, page = head.title, lines[head.at].page
    if note and title:  # a codification puts its mark below titles, however long or closed by a full stop
        title = title.rstrip(".")
    elif not title and body and _is_title(body[0].text):
        title, body = body[0].text.strip("*_ "), body[1:]
    elif len(title) > _TITLE_LIMIT or title.endswith((".", ";", ":")):
        body, title = [Line(title, page), *body], ""
    number = f"{head.key[0]}{head.key[1]}"
    return Article(number=number, title=title, part=0, note=note, page=page, clauses=_clauses(body))


def _is_title(text: str) -> bool:
    return (
        len(text) <= _TITLE_LIMIT and text[-1] not in ".;:," and not _CLAUSE.match(text) and text[0].isupper()
    )


def _without_repeats(body: list[Line], again: set[tuple[int, str]]) -> list[Line]:
    """*body* up to an article written inside it that the codification holds *again* in its own place."""
    for place, line in enumerate(body):
        match = _ARTICLE.match(line.text) if line.text.startswith("**") else None
        if match and (int(match[1]), match[2]) in again:
            return body[:place]
    return body


def _clauses(body: list[Line]) -> list[Clause]:
    clauses, open_quotes = _count_clauses(body, heed_quotes=True)
    if open_quotes:  # a closing quote is missing: quotes tell nothing here
        clauses, _ = _count_clauses(body, heed_quotes=False)
    return clauses


def _count_clauses(body: list[Line], *, heed_quotes: bool) -> tuple[list[Clause], int]:
    clauses: list[Clause] = []
    last, depth = (0, ""), 0
    for place, line in enumerate(body):
        key = _clause_key(line.text)
        if key and not (heed_quotes and depth) and (_follows(last, key) or _skips(body, place, last, key)):
            clauses.append(Clause(number=f"{key[0]}{key[1]}"))
            last = key
        elif not clauses:
            clauses.append(Clause(number=""))
        clauses[-1].lines.append(line)
        depth = max(0, depth + line.text.count("“") - line.text.count("”"))
    return clauses, depth


def _clause_key(text: str) -> tuple[int, str] | None:
    match = _CLAUSE.match(text)
    return (int(match[1]), match[2]) if match else None


def _follows(last: tuple[int, str], key: tuple[int, str]) -> bool:
    return key[0] == last[0] + 1 or (key[0] == last[0] > 0 and key[1] > last[1])


def _skips(body: list[Line], place: int, last: tuple[int, str], key: tuple[int, str]) -> bool:
    """A khoản whose forerunner was repealed or lost its number: near, after a full stop, in capitals."""
    if not place or not last[0] < key[0] <= last[0] + _GAP or body[place - 1].text[-1:] not in {*".;:”"}:
        return False
    if not re.match(r"[*_\s]*\d+\w?\.[*_]*\s+[A-ZĐÀ-Ỹ“]", body[place].text):
        return False
    # A khoản 3a still to come is no second khoản 3.
    later = {found[0] for line in body[place + 1 :] if (found := _clause_key(line.text)) and not found[1]}
    return not later & set(range(last[0] + 1, key[0] + 1))


def _is_contents(segment: list[Article]) -> bool:
    empty = sum(1 for article in segment if len(article.text) < _EMPTY_BODY)
    return empty * 5 >= len(segment) * 4


def _close(articles: list[Article]) -> list[Line]:
    """Moves Chương lines to the article they open; cuts signatures off; returns what is appended."""
    appendix: list[Line] = []
    for article, after in zip(articles, [*articles[1:], None], strict=True):
        lines = [line for clause in article.clauses for line in clause.lines]
        divisions, rest = _take_divisions(lines)
        if after is not None and divisions:
            after.divisions = tuple(divisions)
            article.clauses = _clauses(rest)
        if after is None or after.part != article.part:
            rest, tail = _cut_end([line for clause in article.clauses for line in clause.lines])
            if tail:
                article.clauses = _clauses(rest)
                appendix.extend(tail)
    return appendix


def _take_divisions(lines: list[Line]) -> tuple[list[str], list[Line]]:
    """The Phần, Chương and Mục lines that *lines* end with, and the lines before them."""
    start = len(lines)
    for place in range(len(lines) - 1, max(-1, len(lines) - 9), -1):
        text = lines[place].text
        if len(text) > _TITLE_LIMIT:
            break
        if _DIVISION.fullmatch(text):
            start = place
    names = [line.text.strip("#*_ ") for line in lines[start:] if line.text.strip("#*_- ")]
    return names, lines[:start]


def _cut_end(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    for place, line in enumerate(lines):
        foreign = line.is_heading and not _DIVISION.fullmatch(line.text)
        if place and (foreign or _END.match(line.text)):
            tail = lines[place:]
            start = next((n for n, later in enumerate(tail) if _opens_appendix(later)), len(tail))
            return lines[:place], tail[start:]
    return lines, []


def _opens_appendix(line: Line) -> bool:
    return line.is_heading or bool(re.match(r"(?:PHỤ LỤC|Phụ lục|MẪU SỐ|Mẫu số)\b", line.text))
