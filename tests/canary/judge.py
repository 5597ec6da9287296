"""
The judge: looks for many words at once in everything that a run left behind.

All spellings of all canaries are searched together: their first eight bytes are compared with every eight
bytes of what is searched, and where they agree, the whole spelling.
"""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.canary.spelling import SHORTEST, needles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_GZIP, _ZIP = b"\x1f\x8b\x08", b"PK\x03\x04"
_STREAM_LIMIT = 20_000_000  # bytes of one stream
_DEPTH = 3  # a deflated part of an archive in an archive
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A canary where it stands."""

    canary: str
    way: str
    where: str

    def __str__(self) -> str:
        return f"{self.canary} as {self.way} in {self.where}"


class Judge:
    """Looks for canaries, given by name."""

    def __init__(self, canaries: Mapping[str, str | bytes]) -> None:
        by_case: dict[bool, dict[bytes, list[tuple[str, str]]]] = {True: {}, False: {}}
        for name, canary in canaries.items():
            for (raw, has_case), way in needles(canary).items():
                by_case[has_case].setdefault(raw, []).append((name, way))
        self._with_case, self._without_case = (_Net(by_case[has_case]) for has_case in (True, False))

    def seen_in(self, content: bytes, where: str) -> list[Sighting]:
        """Where canaries stand in *content* and in what is compressed in it."""
        seen: dict[tuple[str, str], None] = {}
        for piece in unpacked(content):
            for pair in (*self._with_case.caught(piece), *self._without_case.caught(piece.lower())):
                seen[pair] = None
        return [Sighting(canary, way, where) for canary, way in seen]

    def seen_below(self, folder: Path) -> list[Sighting]:
        """Where canaries stand below *folder*: in files, in names, and in databases as they are read."""
        seen = []
        for file in sorted(folder.rglob("*")):
            name = str(file.relative_to(folder))
            seen += self.seen_in(name.encode(), f"the name {name}")
            if file.is_file() and not file.is_symlink():
                content = file.read_bytes()
                seen += self.seen_in(content, name)
                if content.startswith(_SQLITE):
                    seen += self.seen_in(told_by_sqlite(file), f"{name}, read as a database")
        return seen


class _Net:
    """Finds any of many strings of bytes, each at least eight long."""

    def __init__(self, wanted: dict[bytes, list[tuple[str, str]]]) -> None:
        self._by_head: dict[int, list[bytes]] = {}
        for raw in wanted:
            self._by_head.setdefault(int.from_bytes(raw[:SHORTEST], "little"), []).append(raw)
        self._wanted = wanted
        heads = np.array(sorted(self._by_head), dtype="<u8")
        self._heads = heads
        self._hashes = np.zeros(1 << 20, dtype=bool)
        self._hashes[_hashed(heads)] = True

    def caught(self, content: bytes) -> set[tuple[str, str]]:
        caught: set[tuple[str, str]] = set()
        for offset in range(SHORTEST):
            count = (len(content) - offset) // SHORTEST
            if count <= 0:
                break
            view = np.frombuffer(content, dtype="<u8", count=count, offset=offset)
            likely = np.flatnonzero(self._hashes[_hashed(view)])
            sure = likely[np.isin(view[likely], self._heads)]
            for at in (int(index) * SHORTEST + offset for index in sure):
                head = int.from_bytes(content[at : at + SHORTEST], "little")
                for raw in self._by_head[head]:
                    if content.startswith(raw, at):
                        caught.update(self._wanted[raw])
        return caught


def _hashed(values: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return (values * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(44)


def unpacked(content: bytes, depth: int = _DEPTH) -> Iterator[bytes]:
    """*content*, and every deflated stream and archive entry that begins anywhere in it."""
    yield content
    if depth == 0:
        return
    for at, bits in _beginnings(content):
        stream = zlib.decompressobj(bits)
        try:
            inside = stream.decompress(content[at:] if at else content, _STREAM_LIMIT)
        except zlib.error:
            continue
        if len(inside) >= SHORTEST:
            yield from unpacked(inside, depth - 1)


def _beginnings(content: bytes) -> Iterator[tuple[int, int]]:
    for mark, bits in (*((mark, 15) for mark in _ZLIB), (_GZIP, 31), (_ZIP, -15)):
        at = content.find(mark)
        while at >= 0:
            yield (at if bits > 0 else _after_zip_head(content, at)), bits
            at = content.find(mark, at + 1)


def _after_zip_head(content: bytes, at: int) -> int:
    name, extra = (int.from_bytes(content[at + by : at + by + 2], "little") for by in (26, 28))
    return at + 30 + name + extra


def told_by_sqlite(file: Path) -> bytes:
    """
    Every value in a database, one after another.

    In the file a long text is cut into pages; a search of the file alone would miss what a cut goes through.
    """
    parts = []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            try:
                rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - its own name
            except sqlite3.Error:  # a virtual table of an extension: its parts are tables of their own
                continue
            for row in rows:
                parts += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(parts)
