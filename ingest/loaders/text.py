"""Plain text: ordinary files, laws, pages saved as text. Cleaning and law come later, on whole lines."""

from __future__ import annotations

from ingest.blocks import Block, Extracted
from ingest.repair import decode, repair, unwrap


def load_text(data: bytes) -> Extracted:
    """
    Each line of *data* as one block, hard wraps undone; empty lines are kept as empty blocks.

    Raises:
        BrokenFile: No text.
        GarbledText: Letters fell out of their words.
    """
    return lines_as_blocks(repair(decode(data)))


def lines_as_blocks(text: str) -> Extracted:
    """The lines of *text*, repaired already."""
    return Extracted(blocks=tuple(Block(text=line) for line in unwrap(text.split("\n"))))
