"""What a loader hands on: blocks of text in reading order, and what the file says about itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    A heading, a paragraph (its own line breaks kept) or a table (one row a line, cells by ` | `).

    `heading_level` is 1–6 for headings. `page` and `slide` count from 1, None where the format has none;
    `sheet` names a sheet; `rows` holds, for each line of a table, its row there. `scanned`: read by OCR.
    """

    text: str
    heading_level: int | None = None
    page: int | None = None
    is_table: bool = False
    sheet: str = ""
    rows: tuple[int, ...] = ()
    slide: int | None = None
    scanned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The content of one file. Empty strings and None where the file does not say; `repairs` are codes."""

    blocks: tuple[Block, ...]
    title: str = ""
    author: str = ""
    issued: date | None = None
    fields: dict[str, object] = field(default_factory=dict)  # front matter, as written
    repairs: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """Every line of every block, in order."""
        return [line for block in self.blocks for line in block.text.split("\n")]

    def with_repairs(self, *codes: str) -> Extracted:
        """The same with *codes* added, each once."""
        return replace(self, repairs=tuple(dict.fromkeys((*self.repairs, *codes))))

    def to_json(self) -> dict[str, Any]:
        """Plain values for the worker's pipe; `fields` stay behind: only text formats have them."""
        return {
            "blocks": [asdict(block) for block in self.blocks],
            "title": self.title,
            "author": self.author,
            "issued": self.issued.isoformat() if self.issued else None,
            "repairs": list(self.repairs),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Extracted:
        """What `to_json` wrote."""
        return cls(
            blocks=tuple(Block(**{**block, "rows": tuple(block["rows"])}) for block in value["blocks"]),
            title=value["title"],
            author=value["author"],
            issued=date.fromisoformat(value["issued"]) if value["issued"] else None,
            repairs=tuple(value["repairs"]),
        )
