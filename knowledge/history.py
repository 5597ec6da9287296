"""
What became of a document: its editions, and who did what with it and when.

For editors and officers alone: a name here is one of theirs, and no page for residents shows any of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read from JSON, which needs the name at run time
from enum import StrEnum

from knowledge.model import DocumentMeta, Original  # noqa: TC001 - likewise


class ActKind(StrEnum):
    """What somebody did with a document."""

    PUBLISHED = "published"
    ACCEPTED = "accepted"  # answered for findings that held it back
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    ROLLED_BACK = "rolled_back"
    REMOVED = "removed"  # for good: nothing but the acts is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One deed. `who` is "" for the program itself; `codes` are the findings that were accepted."""

    key: str
    kind: ActKind
    edition: int  # 0 where none was touched
    who: str
    at: datetime
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One kept edition of a document; at most one of them answers."""

    edition: int  # counts from 1, and stays when earlier ones go
    meta: DocumentMeta
    content_hash: str
    published_at: datetime
    published_by: str
    repairs: tuple[str, ...]
    original: Original | None
    passages: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A document that a person took back: `edition` answered until then."""

    key: str
    meta: DocumentMeta
    edition: int
    at: datetime
    by: str
    newest_hash: str  # of its newest edition, which may have come in since


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Editions and acts of one document, newest first. `current` is the edition that answers, if one does."""

    key: str
    versions: tuple[StoredVersion, ...]
    acts: tuple[Act, ...]
    current: int | None
    withdrawn: Withdrawal | None
