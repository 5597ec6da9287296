"""
What the record does not hold of trust: who waits and why, who was let in by whom, who is whose copy.

One SQLite file in the data folder, readable by the operator's account alone: waiting documents may hold what
nobody should read. It is rebuilt by a sync, save for the acceptances.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from pydantic import TypeAdapter

from ingest.trust.flags import Code, Flag
from knowledge.model import DocumentDraft

if TYPE_CHECKING:
    from pathlib import Path

BOOK: Final = "trust.sqlite3"
_DRAFT: Final = TypeAdapter(DocumentDraft)
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS waiting (
    key TEXT NOT NULL, why TEXT NOT NULL, of_key TEXT NOT NULL, flags TEXT NOT NULL, draft TEXT NOT NULL,
    since TEXT NOT NULL, PRIMARY KEY (key, why)
);
CREATE TABLE IF NOT EXISTS accepted (
    key TEXT NOT NULL, content_hash TEXT NOT NULL, codes TEXT NOT NULL, who TEXT NOT NULL, day TEXT NOT NULL,
    whole INTEGER NOT NULL, PRIMARY KEY (key, content_hash)
);
CREATE TABLE IF NOT EXISTS stored_as (key TEXT PRIMARY KEY, content_hash TEXT NOT NULL, stored TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signatures (key TEXT PRIMARY KEY, stored TEXT NOT NULL, signature BLOB NOT NULL);
"""

Why = Literal["held", "copy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A document that does not answer: held for a person, or the copy of `of_key`, which answers."""

    draft: DocumentDraft
    why: Why
    of_key: str = ""
    flags: tuple[Flag, ...] = ()
    since: str = ""  # ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """That a person let a document in: which findings, who, on which day; `whole` with its traps and all."""

    key: str
    content_hash: str
    codes: frozenset[Code]
    who: str
    day: str
    whole: bool = False


class TrustBook:
    """The book of one data folder. One process at a time writes it, as with the library."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # A sync writes a few rows for each document: not each is worth a wait for the disk, and a lost one is
        # made again by the next sync.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(_TABLES)

    @classmethod
    def open(cls, data: Path) -> Self:
        """The book in the *data* folder, begun where there is none."""
        data.mkdir(parents=True, exist_ok=True)
        file = data / BOOK
        file.touch(mode=0o600)
        return cls(sqlite3.connect(file, timeout=30))

    @classmethod
    def in_memory(cls) -> Self:
        """A book that is forgotten when closed."""
        return cls(sqlite3.connect(":memory:"))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def wait(self, item: Waiting) -> None:
        """Note that *item* waits, instead of what waited under its key for the same reason."""
        flags = json.dumps([[flag.code.value, flag.where, flag.sample] for flag in item.flags])
        self._write(
            "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(item.draft.meta.key, item.why, item.of_key, flags),
                *(_DRAFT.dump_json(item.draft).decode(), datetime.now(UTC).isoformat(timespec="minutes")),
            ),
        )

    def held_one(self, key: str) -> Waiting | None:
        """What waits under *key* for a person."""
        found = self._waiting("WHERE why = 'held' AND key = ?", (key,))
        return found[0] if found else None

    def copied(self, key: str) -> str:
        """The key of what answers for *key*; "" where it is no copy."""
        rows = self._read("SELECT of_key FROM waiting WHERE why = 'copy' AND key = ?", (key,))
        return next((row[0] for row in rows), "")

    def held(self) -> list[Waiting]:
        """All that waits for a person, by key."""
        return self._waiting("WHERE why = 'held' ORDER BY key")

    def copies_of(self, key: str) -> list[Waiting]:
        """The copies that *key* answers for, by key."""
        return self._waiting("WHERE why = 'copy' AND of_key = ? ORDER BY key", (key,))

    def originals(self) -> set[str]:
        """The SHA-256 of the files of all that waits, of copies too."""
        drafts = (item.draft for item in self._waiting(""))
        return {draft.original.sha256 for draft in drafts if draft.original is not None}

    def answers_for(self) -> dict[str, str]:
        """Copy to original, all of them."""
        return dict(self._read("SELECT key, of_key FROM waiting WHERE why = 'copy'"))

    def no_longer_waits(self, key: str, why: Why) -> None:
        """Forget what waits under *key* for that reason."""
        self._write("DELETE FROM waiting WHERE key = ? AND why = ?", (key, why))

    def forget(self, key: str) -> None:
        """Forget everything of *key* but that somebody once let it in."""
        for table in ("waiting", "stored_as", "signatures"):
            self._write(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608 - names of our own tables

    def accept(self, acceptance: Acceptance) -> None:
        """Note *acceptance*; it holds for this very content only."""
        codes = ",".join(sorted(acceptance.codes))
        self._write(
            "INSERT OR REPLACE INTO accepted VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(acceptance.key, acceptance.content_hash, codes),
                *(acceptance.who, acceptance.day, acceptance.whole),
            ),
        )

    def acceptance(self, key: str, content_hash: str) -> Acceptance | None:
        """Whether and by whom this very content was let in."""
        rows = self._read(
            "SELECT codes, who, day, whole FROM accepted WHERE key = ? AND content_hash = ?",
            (key, content_hash),
        )
        for codes, who, day, whole in rows:
            known = frozenset(Code(code) for code in codes.split(",") if code)
            return Acceptance(
                key=key, content_hash=content_hash, codes=known, who=who, day=day, whole=bool(whole)
            )
        return None

    def store_as(self, key: str, content_hash: str, stored: str) -> None:
        """Note that the library has *stored* where the file has *content_hash*; none where they agree."""
        if content_hash == stored:
            self._write("DELETE FROM stored_as WHERE key = ?", (key,))
        else:
            self._write("INSERT OR REPLACE INTO stored_as VALUES (?, ?, ?)", (key, content_hash, stored))

    def stored_as(self) -> dict[str, tuple[str, str]]:
        """By key: the file's hash, and the one the library has for it, where the two differ."""
        rows = self._read("SELECT key, content_hash, stored FROM stored_as")
        return {key: (content_hash, stored) for key, content_hash, stored in rows}

    def sign(self, key: str, stored: str, signature: bytes) -> None:
        """Keep the *signature* of what the library has as *stored*."""
        self._write("INSERT OR REPLACE INTO signatures VALUES (?, ?, ?)", (key, stored, signature))

    def signatures(self) -> dict[str, tuple[str, bytes]]:
        """By key: the library's hash when it was signed, and the signature."""
        rows = self._read("SELECT key, stored, signature FROM signatures")
        return {key: (stored, signature) for key, stored, signature in rows}

    def _waiting(self, where: str, values: tuple[str, ...] = ()) -> list[Waiting]:
        rows = self._read(f"SELECT draft, why, of_key, flags, since FROM waiting {where}", values)  # noqa: S608 - `where` is ours
        return [
            Waiting(
                draft=_DRAFT.validate_json(draft),
                why=why,
                of_key=of_key,
                flags=tuple(Flag(Code(code), place, sample) for code, place, sample in json.loads(flags)),
                since=since,
            )
            for draft, why, of_key, flags, since in rows
        ]

    def _read(self, query: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        with closing(self._connection.execute(query, values)) as cursor:
            return cursor.fetchall()

    def _write(self, query: str, values: tuple[object, ...]) -> None:
        with self._connection:
            self._connection.execute(query, values)
