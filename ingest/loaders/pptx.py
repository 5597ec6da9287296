"""
PPTX, read from its XML: slides in the order they are shown, titles as headings, texts and tables.

Hidden slides are left out, and so are the speaker's notes: they were not meant for those who see the slides.
Runs in the worker only.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest.blocks import Block, Extracted
from ingest.errors import BrokenFile, NoText
from ingest.loaders.packed import Parts
from ingest.mending import mend
from ingest.repair import repair
from ingest.repairs import Repair, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TITLES = frozenset(("title", "ctrTitle"))
_TITLE_LENGTH = 80  # characters
_SKIPPED = frozenset(("sldNum", "dt", "ftr", "hdr"))
_DC = "{http://purl.org/dc/elements/1.1/}"


def load_pptx(path: Path) -> Extracted:
    """
    The slides of the PPTX at *path* as blocks that know their slide.

    Raises:
        BrokenFile, TooLarge, NoText: As said.
    """
    noted: set[Repair] = set()
    with Parts(path, "pptx") as parts:
        show = parts.xml("ppt/presentation.xml")
        if show is None:
            raise BrokenFile(kind="pptx")
        blocks = [block for number, slide in _slides(parts, show, noted) for block in _blocks(slide, number)]
        if parts.has_macros:
            noted.add(Repair.MACROS_LEFT_OUT)
        if parts.has_pictures:
            noted.add(Repair.PICTURES_LEFT_OUT)
        core = parts.xml("docProps/core.xml")
    blocks = mend(blocks, noted)
    if not blocks:
        raise NoText(pages="1")
    title = "" if core is None else repair(core.findtext(f"{_DC}title") or "").strip()
    return Extracted(blocks=tuple(blocks), title=_usable(title), repairs=in_order(noted))


def _slides(parts: Parts, show: Any, noted: set[Repair]) -> Iterator[tuple[int, Any]]:
    relations = parts.xml("ppt/_rels/presentation.xml.rels")
    targets = {} if relations is None else {item.get("Id"): item.get("Target", "") for item in relations}
    for number, entry in enumerate(show.iter(f"{P}sldId"), start=1):
        target = targets.get(entry.get(_R), "")
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"ppt/{target}")
        slide = parts.xml(name)
        if slide is None:
            continue
        if slide.get("show") in {"0", "false"}:
            noted.add(Repair.HIDDEN_PARTS)
            continue
        yield number, slide


def _blocks(slide: Any, number: int) -> list[Block]:
    """The title first, then the other shapes as they are stacked; tables by row."""
    titles: list[Block] = []
    others: list[Block] = []
    for shape in slide.iter(f"{P}sp", f"{A}tbl"):
        if shape.tag == f"{A}tbl":
            rows = [[_cell(cell) for cell in row.iter(f"{A}tc")] for row in shape.iter(f"{A}tr")]
            text = "\n".join(" | ".join(row) for row in rows if any(row))
            others.append(Block(text=text, is_table=True, slide=number))
            continue
        kind = next((mark.get("type", "") for mark in shape.iter(f"{P}ph")), "")
        lines = [line for line in map(_line, shape.iter(f"{A}p")) if line]
        if not lines or kind in _SKIPPED:
            continue
        if kind in _TITLES:
            titles.append(Block(text=" ".join(lines), heading_level=2, slide=number))
        else:
            others.append(Block(text="\n".join(lines), slide=number))
    if not titles and len(others) > 1 and _may_be_title(others[0]):
        titles = [replace(others.pop(0), heading_level=2)]
    return [*titles, *others]


def _may_be_title(block: Block) -> bool:
    """Old slides, and those made without a layout, have their titles in plain text boxes."""
    return not block.is_table and "\n" not in block.text and len(block.text) <= _TITLE_LENGTH


def _cell(cell: Any) -> str:
    return " ".join(filter(None, map(_line, cell.iter(f"{A}p")))).replace("|", "/")


def _line(paragraph: Any) -> str:
    parts = [
        " " if child.tag == f"{A}br" else child.text or "" for child in paragraph.iter(f"{A}t", f"{A}br")
    ]
    return " ".join("".join(parts).split())


def _usable(title: str) -> str:
    return "" if title.lower() in {"powerpoint presentation", "bản trình bày powerpoint"} else title
