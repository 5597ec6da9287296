"""Further wordings of what people ask, kept beside the guides: the search needs them, readers do not."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.errors import BadGuide

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.model import DocumentDraft

MORE_WORDINGS = "more-wordings.toml"


def more_wordings(file: Path) -> dict[str, list[str]]:
    """
    Question wordings by `guide#section`; none where the folder has no such file.

    Raises:
        BadGuide: The file is no table of lists.
    """
    if not file.exists():
        return {}
    try:
        return {
            name: [str(item) for item in items]
            for name, items in tomllib.loads(file.read_text("utf-8")).items()
        }
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError):
        raise BadGuide("bad_field", file=file.name, where="TOML") from None


def with_more(guide: DocumentDraft, slug: str, more: dict[str, list[str]]) -> DocumentDraft:
    """*guide*, of the file called *slug*, with the wordings that *more* holds for its sections."""
    added = {part.anchor: more.get(f"{slug}#{part.anchor}", []) for part in guide.passages}
    if not any(added.values()):
        return guide
    passages = tuple(
        replace(part, questions=tuple(dict.fromkeys((*part.questions, *added[part.anchor]))))
        for part in guide.passages
    )
    digest = hashlib.sha256(f"{guide.content_hash}{sorted(added.items())}".encode()).hexdigest()
    return replace(guide, passages=passages, content_hash=digest)
