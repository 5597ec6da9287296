"""The hand-made claims and their passages, read from tests/golden."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.claims_mutations import Row
from knowledge.claims.checking import check
from knowledge.claims.model import Claim, Draft, Supplied
from knowledge.model import DocumentKind, DocumentMeta, Passage

if TYPE_CHECKING:
    from knowledge.claims.model import Checked
    from prompts.catalog import Language

GOLDEN = Path(__file__).parents[2] / "golden"


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()]


@cache
def passages() -> dict[str, Passage]:
    """Every passage of the golden claims by its name."""
    return {row["id"]: _passage(at, row) for at, row in enumerate(lines("claims-passages.jsonl"))}


def _passage(at: int, row: dict[str, Any]) -> Passage:
    key, _, anchor = row["id"].partition("#")
    meta = DocumentMeta(
        key=key,
        title=row["title"],
        kind=DocumentKind(row["kind"]),
        number=row["number"],
        as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
    )
    return Passage(
        id=at,
        meta=meta,
        anchor=anchor or "p0",
        text=row["text"],
        locator=row["locator"],
        heading=row["heading"],
        articles=tuple(row["articles"]),
        english=row["english"],
    )


def supported(half: str) -> list[Row]:
    """The supported claims of the *half* `tune`, `report` or `added`."""
    rows = [row for row in lines("claims-supported.jsonl") if row["half"] == half]
    return [Row(row["id"], row["lang"], Claim(row["text"], row["cite"], row["quote"])) for row in rows]


def evidence() -> list[Supplied]:
    return [Supplied(name, passage) for name, passage in passages().items()]


def checked(cite: str, quote: str, text: str, language: Language = "vi") -> Checked:
    """What stays of one claim, all golden passages being supplied."""
    return check(Draft((Claim(text, cite, quote),)), evidence(), language)
