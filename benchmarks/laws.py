"""
Laws as text: as many Điều and khoản as the files have, and locators that lead back to their passages.

    .venv/bin/python -m benchmarks.laws PATH

PATH is a folder of codified laws: a header line that ends in how many Điều there are, then `Điều n. Title`,
`[hiệu lực …]`, text. The count here is another one than the reader's: an Điều is a line before `[hiệu lực`;
its khoản are the rising row of numbers at the beginnings of lines that costs least, a step of one being free,
a step over repealed ones dear. Quotation marks and capitals play no part in it.

A locator is followed as a person would in the file itself: to the Điều, then the khoản, then the điểm. What
stands there must be the passage, letter by letter; several pieces of one long khoản must be it together.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import read_document
from ingest.law import read_law
from ingest.law_text import Line
from ingest.repair import repair

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARTICLE = re.compile(r"^Điều (\d+[a-zđ]?)\..*\n\[hiệu lực[^\n]*\]\n", re.MULTILINE)
_STATED = re.compile(r"\| (\d+) điều \|")
_NUMBER = re.compile(r"^\W{0,3}(\d{1,3})([a-zđ]?)\W{0,2}\.(?!\d)\W{0,5}\w")
_POINT = re.compile(r"^\W{0,3}([a-zđ]{1,2}\d?)\)\W{0,5}\w")
_LOCATOR = re.compile(
    r"(?:điểm (?P<from_point>[a-zđ]+\d?)(?:–(?P<to_point>[a-zđ]+\d?))? )?"
    r"(?:khoản (?P<from_clause>\d+[a-zđ]?)(?:–(?P<to_clause>\d+[a-zđ]?))? )?Điều (?P<article>\d+[a-zđ]?)"
    r"(?P<lead>, phần đầu)?(?:, đoạn (?P<piece>\d+))?"
)
_FILE = re.compile(r"[^.]{1,100}\.(?:docx?|xlsx?|pdf|rtf)", re.IGNORECASE)
_FOUND, _STEP, _LETTER = 10, 7, 1  # what a number more is worth; what a missing one, and a letter, costs
_AGAIN = re.compile(r"^\*\*\s*[ĐÐ]iều (\d+[a-zđ]?)\s?\.")
_DIVISION = re.compile(
    r"[*\s]*(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Tiểu mục|TIỂU MỤC)\s+(?:thứ\s+\w+|[IVXLC]+|\d+)\b.*"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a locator leads; empty where it does not say. `lead` is what stands before the first number."""

    article: str
    clauses: tuple[str, str] = ("", "")
    points: tuple[str, str] = ("", "")
    lead: bool = False


def place_of(locator: str) -> Place | None:
    """*locator* taken apart, or None where it names no Điều."""
    match = _LOCATOR.fullmatch(locator)
    if match is None:
        return None
    clauses = (match["from_clause"] or "", match["to_clause"] or match["from_clause"] or "")
    points = (match["from_point"] or "", match["to_point"] or match["from_point"] or "")
    return Place(match["article"], clauses, points, lead=bool(match["lead"]))


def articles_of(source: str) -> dict[str, list[str]]:
    """
    The lines of each Điều of *source* below its heading.

    Without names of attached files, without the Chương and Mục that open after it, and up to an Điều that is
    printed again inside.
    """
    heads = list(_ARTICLE.finditer(source))
    ends = [*(head.start() for head in heads[1:]), len(source)]
    names = {head[1] for head in heads}
    articles = {}
    for head, end in zip(heads, ends, strict=True):
        lines = [line.strip() for line in source[head.end() : end].split("\n") if line.strip()]
        again = (at for at, line in enumerate(lines) if (m := _AGAIN.match(line)) and m[1] in names)
        lines = lines[: next(again, len(lines))]
        while lines and _DIVISION.fullmatch(lines[-1]):
            lines.pop()
        articles[head[1]] = [line for line in lines if not _FILE.fullmatch(line)]
    return articles


def clauses_of(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Each khoản of an Điều with the line it begins on: of all rising rows of numbers the one worth most."""
    found = [(int(m[1]), m[2], at) for at, line in enumerate(lines) if (m := _NUMBER.match(line))]
    worth: list[int] = []
    before: list[int] = []
    for place, (number, letter, _) in enumerate(found):
        best, came = _FOUND - _STEP * (number - 1) - _LETTER * bool(letter), -1
        for earlier, (other, mark, _) in enumerate(found[:place]):
            if (other, mark) < (number, letter):
                step = max(0, number - other - 1)
                value = worth[earlier] + _FOUND - _STEP * step - _LETTER * bool(letter)
                if value >= best:
                    best, came = value, earlier
        worth.append(best)
        before.append(came)
    at = max(range(len(found)), key=lambda place: (worth[place], -place), default=-1)
    row = []
    while at >= 0 and worth[at] > 0:
        number, letter, line = found[at]
        row.append((f"{number}{letter}", line))
        at = before[at]
    return row[::-1]


def follow(place: Place, articles: dict[str, list[str]]) -> list[str]:
    """
    The texts that *place* may name, none where it leads nowhere.

    What opens an Điều goes with its first khoản, what opens a khoản with its first điểm, unless they were
    parted: so there may be two.
    """
    lines = articles.get(place.article, [])
    starts = clauses_of(lines)
    if place.clauses[0]:
        return [
            text
            for inside in _between(lines, starts, place.clauses)
            for text in (_points(inside, place) if place.points[0] or place.lead else ["\n".join(inside)])
        ]
    if place.points[0] or (place.lead and not starts):
        return _points(lines, place)
    return ["\n".join(lines[: starts[0][1]] if place.lead else lines)]


def _points(lines: Sequence[str], place: Place) -> list[str]:
    starts = [(m[1], at) for at, line in enumerate(lines) if (m := _POINT.match(line))]
    if place.lead:
        return ["\n".join(lines[: starts[0][1]])] if starts else []
    return ["\n".join(inside) for inside in _between(lines, starts, place.points)]


def _between(
    lines: Sequence[str], starts: Sequence[tuple[str, int]], ends: tuple[str, str]
) -> list[Sequence[str]]:
    """The lines from one of *starts* to the end of another; of the first also with what stands before it."""
    names = [name for name, _ in starts]
    if not {*ends} <= {*names}:
        return []
    first, last = names.index(ends[0]), names.index(ends[1])
    end = starts[last + 1][1] if last + 1 < len(starts) else len(lines)
    begins = [starts[first][1]] if first else [0, starts[0][1]]
    return [lines[begin:end] for begin in dict.fromkeys(begins)]


def letters(text: str) -> str:
    """The letters and digits of *text*, as a document's are read: without marks of emphasis and blanks."""
    return "".join(char for char in repair(text) if char.isalnum())


def measure(path: Path, counts: Counter[str]) -> list[str]:
    """Count one law into *counts*; what is not as it should be, a line each."""
    source = path.read_text("utf-8")
    passages = [item for item in read_document(path, key=path.name).passages if item.articles]
    articles = articles_of(source)
    stated = _STATED.search(source)
    read = {item.articles[0].rpartition("+")[2] for item in passages}
    counts.update(laws=1, stated=int(stated[1]) if stated else 0, articles=len(articles), read=len(read))
    faults = [f"{path.name}: Điều {name}: only once" for name in sorted({*articles} ^ read)]
    by_place: defaultdict[Place | None, list[str]] = defaultdict(list)
    for item in passages:
        by_place[place_of(item.locator)].append(item.text)
    counts.update(passages=len(passages), locators=len({item.locator for item in passages}))
    for place, pieces in by_place.items():
        there = [letters(text) for text in follow(place, articles)] if place else []
        counts.update(pieces=len(pieces) if len(pieces) > 1 else 0)
        if letters("".join(pieces)) in there:
            counts.update(back=len(pieces))
        else:
            faults.append(f"{path.name}: {place}: another text stands there")
    return [*faults, *_compare_clauses(path, source, articles, counts)]


def _compare_clauses(
    path: Path, source: str, articles: dict[str, list[str]], counts: Counter[str]
) -> list[str]:
    """Where the reader numbers the khoản of an Điều otherwise than the lines of the file do."""
    law = read_law([Line(line) for line in repair(source).split("\n")])
    read = law.text.articles if law else []
    numbered = {item.number: [clause.number for clause in item.clauses if clause.number] for item in read}
    faults = []
    for article, lines in articles.items():
        there, here = [name for name, _ in clauses_of(lines)], numbered.get(article, [])
        counts.update(clauses=len(there), clauses_read=len(here))
        if there != here:
            faults.append(f"{path.name}: Điều {article}: khoản {here} read, {there} there")
    return faults


def main() -> None:
    """Count and follow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("laws", type=Path, help="folder of laws as text")
    counts: Counter[str] = Counter()
    for path in sorted(parser.parse_args().laws.glob("*.txt")):
        for fault in measure(path, counts):
            print(fault)
    print(
        f"{counts['laws']} laws: {counts['read']} Điều read, {counts['articles']} in the files, "
        f"{counts['stated']} stated by them; khoản {counts['clauses_read']} read, {counts['clauses']} in the "
        "files.\n"
        f"{counts['passages']} passages under {counts['locators']} locators ({counts['pieces']} are numbered "
        f"pieces of a long one): {counts['back']} come back when their locator is followed."
    )


if __name__ == "__main__":
    main()
