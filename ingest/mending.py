"""Blocks of one document, repaired together: what their letters are is decided over all of them. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.encodings import undo_mojibake, undo_old_pieces
from ingest.repair import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.blocks import Block
    from ingest.repairs import Repair


def mend(blocks: Iterable[Block], noted: set[Repair]) -> list[Block]:
    """
    *blocks* with their texts repaired, without those that hold nothing; *noted* takes what was done.

    Raises:
        GarbledText: Letters fell out of their words.
    """
    given = list(blocks)
    texts = undo_old_pieces([undo_mojibake(block.text, noted) for block in given], noted)
    tidied = [tidy(text, noted) for text in texts]
    return [
        replace(block, text=text if block.is_table else text.strip())
        for block, text in zip(given, tidied, strict=True)
        if text.strip()
    ]
