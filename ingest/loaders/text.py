"""Plain text: ordinary files, laws, pages saved as text. Cleaning and law come later, on whole lines."""

from __future__ import annotations

from dataclasses import replace

from ingest.blocks import Block, Extracted
from ingest.front_matter import split_front_matter
from ingest.repair import decode, repair, unwrap


def load_text(data: bytes) -> Extracted:
    """
    Each line of *data* as one block, hard wraps undone; empty lines are kept as empty blocks.

    Front matter is read as in Markdown: whoever writes `audience: member` there means it.

    Raises:
        BadMetadata: The front matter is not readable.
        BrokenFile: No text.
        GarbledText: Letters fell out of their words.
    """
    fields, body = split_front_matter(decode(data).replace("\r\n", "\n"))
    return replace(lines_as_blocks(repair(body)), fields=fields)


def lines_as_blocks(text: str) -> Extracted:
    """The lines of *text*, repaired already."""
    return Extracted(blocks=tuple(Block(text=line) for line in unwrap(text.split("\n"))))
