"""
The guides of a folder as `guide_check` looks at them: every section with its lines and their numbers.

A guide that breaks the format becomes its fault, so that one broken file hides no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import BadGuide
from ingest.guides import guide_files, read_guide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.model import DocumentDraft, DocumentMeta, PassageDraft

_ANCHOR = re.compile(r"^## .*\{#([^}]*)\}\s*$")
_PART = re.compile(r"^### (.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section. `part` is "" in the answer, else the heading it stands under."""

    number: int
    part: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One answer of one guide."""

    slug: str
    meta: DocumentMeta
    passage: PassageDraft
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Where a person looks: `hoa-giai#xin-hoa-giai`."""
        return f"{self.slug}#{self.passage.anchor}"

    @property
    def first_line(self) -> int:
        """The line of the heading."""
        return self.lines[0].number


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One guide that keeps to the format."""

    slug: str
    draft: DocumentDraft
    sections: tuple[Section, ...]


def read_sections(folder: Path) -> tuple[list[Guide], list[BadGuide]]:
    """Every guide of *folder*, and the first fault of each file that breaks the format."""
    guides: list[Guide] = []
    broken: list[BadGuide] = []
    for file in guide_files(folder):
        try:
            draft = read_guide(file)
        except BadGuide as error:
            broken.append(error)
            continue
        lines = dict(_by_anchor(file.read_text("utf-8-sig")))
        sections = tuple(
            Section(slug=file.stem, meta=draft.meta, passage=part, lines=lines[part.anchor])
            for part in draft.passages
        )
        guides.append(Guide(slug=file.stem, draft=draft, sections=sections))
    return guides, broken


def _by_anchor(text: str) -> Iterator[tuple[str, tuple[Line, ...]]]:
    anchor, part, lines = "", "", list[Line]()
    for number, line in enumerate(text.splitlines(), start=1):
        if opened := _ANCHOR.match(line):
            if anchor:
                yield anchor, tuple(lines)
            anchor, part, lines = opened[1], "", []
        elif heading := _PART.match(line):
            part = heading[1]
        lines.append(Line(number=number, part=part, text=line))
    if anchor:
        yield anchor, tuple(lines)
