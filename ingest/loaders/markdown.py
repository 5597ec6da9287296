"""Markdown as blocks: headings, paragraphs, lists, tables; marks of emphasis, links and HTML go."""

from __future__ import annotations

import re

from ingest.blocks import Block, Extracted
from ingest.encodings import decode
from ingest.front_matter import split_front_matter
from ingest.repair import repair
from ingest.repairs import Repair, in_order

_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?(?:\s*\{#[^}]*\})?\s*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*(?![\w*])")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}")
_TABLE_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_FENCE = re.compile(r"\s*(?:```|~~~)")
MARKDOWN_SIGN = re.compile(r"^#{1,6} \S", re.MULTILINE)


def load_markdown(data: bytes) -> Extracted:
    """
    *data* as blocks, with its front matter in `fields`.

    Raises:
        BadMetadata: The front matter is not readable.
        BrokenFile, GarbledText: As for plain text.
    """
    noted: set[Repair] = set()
    fields, body = split_front_matter(decode(data, noted).replace("\r\n", "\n"))
    return markdown_blocks(repair(body, noted), fields).with_repairs(*in_order(noted))


def markdown_blocks(text: str, fields: dict[str, object] | None = None) -> Extracted:
    """The blocks of Markdown *text*, repaired already."""
    blocks: list[Block] = []
    group: list[str] = []

    def close() -> None:
        if group:
            blocks.append(_block(group))
            group.clear()

    for line in _COMMENT.sub("", text).split("\n"):
        heading = _HEADING.fullmatch(line)
        if heading or not line.strip() or _FENCE.match(line) or _RULE.fullmatch(line):
            close()
            if heading and (name := plain(heading[2])):
                blocks.append(Block(text=name, heading_level=len(heading[1])))
            continue
        if group and _is_row(line) != _is_row(group[-1]):
            close()
        group.append(line)
    close()
    first = next((block for block in blocks if block.heading_level == 1), None)
    return Extracted(blocks=tuple(blocks), title=first.text if first else "", fields=fields or {})


def plain(line: str) -> str:
    """*line* without Markdown's marks; its words stay."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", line))
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    text = _TAG.sub("", _ITALIC.sub(r"\1", text))
    text = re.sub(r"^\s*(?:>\s?)+", "", text)
    text = re.sub(r"^\s*[*+]\s+", "- ", text)
    return _ESCAPE.sub(r"\1", text.replace("`", "")).strip()


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def _block(group: list[str]) -> Block:
    if _is_row(group[0]):
        rows = [_row(line) for line in group if not _TABLE_RULE.fullmatch(line)]
        return Block(text="\n".join(row for row in rows if row), is_table=True)
    return Block(text="\n".join(line for line in map(plain, group) if line))


def _row(line: str) -> str:
    cells = [plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    return " | ".join(cells) if any(cells) else ""
