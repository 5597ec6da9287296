"""
What the web said last time: versions of pages, waits that were asked for, robots.txt. In `watched.sqlite3`.

It survives a restart, so that a restart fetches nothing anew. Lost, everything is fetched once more.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from pathlib import Path

STATE_FILE: Final = "watched.sqlite3"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, basis TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
    suffix TEXT NOT NULL, content_hash TEXT NOT NULL, letters INTEGER NOT NULL, outcome TEXT NOT NULL,
    since REAL NOT NULL, checked REAL NOT NULL, next REAL NOT NULL, fails INTEGER NOT NULL,
    gone REAL NOT NULL, fields TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS hosts (
    origin TEXT PRIMARY KEY, free REAL NOT NULL, robots TEXT NOT NULL, robots_at REAL NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """
    One page. Times are seconds since 1970, 0 for never.

    `basis` is what the operator says of it and how it is cut: another one, and the page is read again even if
    the site has nothing new. `suffix` and `letters` are of the good version, `content_hash` of what was read
    last. `since`: the outcome is the same since then; `gone`: not found since then. `fields`: a JSON object
    that fills the outcome's text.
    """

    url: str
    basis: str = ""
    etag: str = ""
    modified: str = ""
    suffix: str = ""
    content_hash: str = ""
    letters: int = 0
    outcome: str = ""
    since: float = 0.0
    checked: float = 0.0
    next: float = 0.0
    fails: int = 0
    gone: float = 0.0
    fields: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """One site by its origin: when it may be asked again, its robots.txt, and when that was fetched."""

    origin: str
    free: float = 0.0
    robots: str = ""
    robots_at: float = 0.0


class WebState:
    """The file, open; for one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_TABLES)

    @classmethod
    def open(cls, data: Path) -> Self:
        """The state in the *data* folder, begun where there is none."""
        data.mkdir(parents=True, exist_ok=True)
        file = data / STATE_FILE
        file.touch(mode=0o600)
        return cls(sqlite3.connect(file, timeout=30))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def page(self, url: str) -> PageState:
        """What is known of *url*."""
        row = self._one(PageState, "pages", "url", url)
        return PageState(**row) if row else PageState(url=url)

    def keep_page(self, page: PageState) -> None:
        """Note *page*."""
        self._keep("pages", astuple(page))

    def forget_page(self, url: str) -> None:
        """Forget *url*."""
        with self._connection:
            self._connection.execute("DELETE FROM pages WHERE url = ?", (url,))

    def host(self, origin: str) -> HostState:
        """What is known of *origin*."""
        row = self._one(HostState, "hosts", "origin", origin)
        return HostState(**row) if row else HostState(origin=origin)

    def keep_host(self, host: HostState) -> None:
        """Note *host*."""
        self._keep("hosts", astuple(host))

    def _one(self, kind: type, table: str, column: str, value: str) -> dict[str, Any] | None:
        names = [field.name for field in fields(kind)]
        query = f"SELECT {', '.join(names)} FROM {table} WHERE {column} = ?"  # noqa: S608 - names of our own
        with closing(self._connection.execute(query, (value,))) as cursor:
            row = cursor.fetchone()
        return dict(zip(names, row, strict=True)) if row else None

    def _keep(self, table: str, values: tuple[object, ...]) -> None:
        marks = ", ".join("?" for _ in values)
        with self._connection:
            self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608
