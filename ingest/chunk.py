"""
Documents that are no law, as passages: by heading and page, paragraphs packed to about 1,200 characters.

Running text without headings repeats one sentence between neighbours, so that a figure and what it counts
stay together; under headings nothing overlaps. A table that is cut repeats its first row; where the file
counts rows, sheets or slides, the locator names them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.packing import PASSAGE_LIMIT, pack, sentences, split_long
from ingest.places import Place, place_of
from knowledge.model import PassageDraft
from knowledge.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.blocks import Block

_OVERLAP_LIMIT = 250  # characters: a longer sentence is not repeated
_SLUG_LIMIT = 50
_TAIL_LIMIT = 150  # characters: a last piece shorter than this joins the one before
_SOFT_LIMIT = PASSAGE_LIMIT + _TAIL_LIMIT


@dataclass
class _Section:
    """What stands under one heading, on one page and those after it."""

    path: tuple[str, ...]
    blocks: list[Block] = field(default_factory=list)


def document_passages(blocks: Sequence[Block], *, title: str) -> list[PassageDraft]:
    """*blocks* as passages in order; anchors are unique, made of headings or pages and a count."""
    told = [block for block in blocks if block.heading_level or " ".join(block.text.split()) != title]
    sections = _sections(told or blocks, title)
    overlap = all(not section.path for section in sections) and not any(block.is_table for block in told)
    counts: Counter[str] = Counter()
    passages: list[PassageDraft] = []
    for section in sections:
        for place, text in _pieces(section, overlap=overlap):
            stem = _slug(section.path[-1]) if section.path else _slug(place.stem, fallback="doan")
            counts[stem] += 1
            passages.append(
                PassageDraft(
                    anchor=f"{stem}-{counts[stem]}",
                    text=text,
                    locator=_locator(section.path, place),
                    heading=" › ".join((title, *section.path) if title else section.path),
                )
            )
    return _unique(passages)


def _sections(blocks: Sequence[Block], title: str) -> list[_Section]:
    sections = [_Section(path=())]
    trail: list[tuple[int, str]] = []
    for block in blocks:
        if block.heading_level is None:
            sections[-1].blocks.append(block)
            continue
        name = " ".join(block.text.split())
        trail = [(level, text) for level, text in trail if level < block.heading_level]
        if fold(name) != fold(title):
            trail.append((block.heading_level, name))
        sections.append(_Section(path=tuple(text for _, text in trail)))
    kept = [section for section in sections if any(block.text.strip() for block in section.blocks)]
    return kept or [section for section in sections if section.path][:1]


def _pieces(section: _Section, *, overlap: bool) -> list[tuple[Place, str]]:
    """The texts of *section*, each with the place it starts on."""
    pieces: list[tuple[Place, str]] = []
    for block in section.blocks:
        if block.is_table:
            for place, text in _table_pieces(block):
                _add(pieces, place, text, closed=True)
            continue
        for text in _paragraph_pieces(block.text):
            _add(pieces, place_of(block), text, closed=False)
    if not section.blocks:
        pieces.append((Place(), section.path[-1]))
    if len(pieces) > 1 and len(pieces[-1][1]) < _TAIL_LIMIT and pieces[-1][0].joins(pieces[-2][0]):
        (place, text), (after, tail) = pieces[-2:]
        if not after.rows and len(text) + len(tail) < _SOFT_LIMIT:
            pieces[-2:] = [(place, f"{text}\n{tail}")]
    return _overlapped(pieces) if overlap else pieces


def _add(pieces: list[tuple[Place, str]], place: Place, text: str, *, closed: bool) -> None:
    if pieces and pieces[-1][0].joins(place) and len(pieces[-1][1]) + 1 + len(text) <= PASSAGE_LIMIT:
        pieces[-1] = (pieces[-1][0].joined(place), f"{pieces[-1][1]}\n{text}")
    elif text or not closed:
        pieces.append((place, text))


def _paragraph_pieces(text: str) -> list[str]:
    return pack([line for line in text.split("\n") if line.strip()])


def _table_pieces(block: Block) -> list[tuple[Place, str]]:
    """*block* whole, or cut between rows with its first row repeated; each with the rows it holds."""
    lines = block.text.split("\n")
    numbers = block.rows if len(block.rows) == len(lines) else ()
    if len(block.text) <= PASSAGE_LIMIT:
        return [(place_of(block, (numbers[0], numbers[-1]) if numbers else None), block.text)]
    head = lines[0] if len(lines[0]) <= PASSAGE_LIMIT // 2 else ""
    start = 1 if head else 0
    room = PASSAGE_LIMIT - len(head) - 1
    pieces: list[tuple[Place, str]] = []
    for row, line in enumerate(lines[start:], start=start):
        where = place_of(block, (numbers[row], numbers[row]) if numbers else None)
        for part in split_long(line, room):
            if pieces and len(pieces[-1][1]) + 1 + len(part) <= room:
                pieces[-1] = (pieces[-1][0].joined(where), f"{pieces[-1][1]}\n{part}")
            else:
                pieces.append((where, part))
    return [(where, f"{head}\n{text}" if head else text) for where, text in pieces]


def _overlapped(pieces: list[tuple[Place, str]]) -> list[tuple[Place, str]]:
    result = pieces[:1]
    for (_, before), (place, text) in pairwise(pieces):
        last = sentences(before.split("\n")[-1])[-1:]
        room = PASSAGE_LIMIT + _OVERLAP_LIMIT - len(text)
        carried = last[0] if last and len(last[0]) <= min(_OVERLAP_LIMIT, room) else ""
        result.append((place, f"{carried}\n{text}" if carried else text))
    return result


def _locator(path: tuple[str, ...], place: Place) -> str:
    named = path[:-1] if path and path[-1] == place.sheet else path  # the place tells the sheet
    return ", ".join(part for part in (" › ".join(named), place.told()) if part)


def _slug(heading: str, *, fallback: str = "muc") -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", fold(heading)).strip("-")[:_SLUG_LIMIT].strip("-")
    return slug or fallback


def _unique(passages: list[PassageDraft]) -> list[PassageDraft]:
    seen: set[str] = set()
    for passage in passages:
        if passage.anchor in seen:  # two slugs such as "a-1" + "1" and "a" + "1-1" may meet
            return [_renamed(passage, count) for count, passage in enumerate(passages, start=1)]
        seen.add(passage.anchor)
    return passages


def _renamed(passage: PassageDraft, count: int) -> PassageDraft:
    return PassageDraft(
        anchor=f"n{count}-{passage.anchor}",
        text=passage.text,
        locator=passage.locator,
        heading=passage.heading,
    )
