"""What a loader hands on: blocks of text in reading order, and what the file says about itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    A heading, a paragraph (its own line breaks kept) or a table (one row a line, cells by ` | `).

    `heading_level` is 1–6 for headings; `page` counts from 1, None where the format has no pages.
    """

    text: str
    heading_level: int | None = None
    page: int | None = None
    is_table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The content of one file. Empty strings and None where the file does not say."""

    blocks: tuple[Block, ...]
    title: str = ""
    author: str = ""
    issued: date | None = None
    fields: dict[str, object] = field(default_factory=dict)  # front matter, as written

    @property
    def lines(self) -> list[str]:
        """Every line of every block, in order."""
        return [line for block in self.blocks for line in block.text.split("\n")]

    def to_json(self) -> dict[str, Any]:
        """Plain values for the worker's pipe; `fields` stay behind: only text formats have them."""
        return {
            "blocks": [asdict(block) for block in self.blocks],
            "title": self.title,
            "author": self.author,
            "issued": self.issued.isoformat() if self.issued else None,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Extracted:
        """What `to_json` wrote."""
        return cls(
            blocks=tuple(Block(**block) for block in value["blocks"]),
            title=value["title"],
            author=value["author"],
            issued=date.fromisoformat(value["issued"]) if value["issued"] else None,
        )
