"""Plain text: ordinary files, laws, pages saved as text. Cleaning and law come later, on whole lines."""

from __future__ import annotations

from ingest.blocks import Block, Extracted
from ingest.encodings import decode
from ingest.front_matter import split_front_matter
from ingest.repair import repair
from ingest.repairs import Repair, in_order
from ingest.wrapping import unwrap


def load_text(data: bytes) -> Extracted:
    """
    Each line of *data* as one block, hard wraps undone; empty lines are kept as empty blocks.

    Front matter is read as in Markdown: whoever writes `audience: member` there means it.

    Raises:
        BadMetadata: The front matter is not readable.
        BrokenFile: No text.
        GarbledText: Letters fell out of their words.
    """
    noted: set[Repair] = set()
    fields, body = split_front_matter(decode(data, noted).replace("\r\n", "\n"))
    lines = unwrap(repair(body, noted).split("\n"), noted)
    return Extracted(blocks=tuple(Block(text=line) for line in lines), fields=fields, repairs=in_order(noted))
