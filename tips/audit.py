"""
The audit log's hash chain: every entry holds the hash of the one before it.

Whoever changes, removes, inserts or reorders an entry must make every later hash anew; the head, noted
elsewhere (on paper, in a mail), shows even that, and shows entries cut off at the end.

Times are exact: they are of what officers did. Nothing here says when or by whom a tip was sent.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

START = hashlib.sha256(b"binhan-audit-v1").hexdigest()  # stands before the first entry

Fault = Literal["number", "previous", "changed", "head"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """
    One action, done or refused. Codes and ids only, no content.

    `detail` is a unit, an officer's id or an archive's digest; `refused` a reason's code, "" when done.
    """

    number: int  # from 1
    at: str  # ISO 8601 with microseconds, UTC
    officer: str  # id; "" for the desk by itself
    unit: str
    action: str
    reference: str = ""
    detail: str = ""
    refused: str = ""
    previous: str = START
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """The first place where the chain does not hold."""

    number: int  # of the entry, as its place in the log would have it
    fault: Fault


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over every field but the digest, hex. No two different entries read alike: it is JSON."""
    fields = asdict(replace(entry, digest=""))
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def next_entry(last: AuditEntry | None, *, at: datetime, **fields: str) -> AuditEntry:
    """
    The entry that follows *last* (None: the log begins).

    Args:
        last: The entry before it.
        at: With its zone. A clock set back does not stop the log: order is by number, not by time.
        fields: officer, unit, action, and reference, detail, refused where there are any.
    """
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=at.isoformat(timespec="microseconds"),
        previous=last.digest if last else START,
        **fields,
    )
    return replace(entry, digest=digest_of(entry))


def verify_chain(entries: Iterable[AuditEntry], head: str = "") -> ChainFault | None:
    """
    The first fault of the log, in stored order; None when it holds.

    Args:
        entries: All of them, from number 1.
        head: The last digest as noted elsewhere before. It must occur in the log: entries after it are
            newer; without it the end of the log could have been cut off unseen.
    """
    previous, number, noted = START, 0, head in {"", START}
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return ChainFault(number=number, fault="number")
        if entry.previous != previous:
            return ChainFault(number=number, fault="previous")
        if digest_of(entry) != entry.digest:
            return ChainFault(number=number, fault="changed")
        previous = entry.digest
        noted = noted or previous == head
    return None if noted else ChainFault(number=number + 1, fault="head")


def head_of(entries: Iterable[AuditEntry]) -> str:
    """The digest of the last entry: what to note elsewhere."""
    head = START
    for entry in entries:
        head = entry.digest
    return head
