"""
What was hashed before and has not been touched since: a re-sync looks at files instead of reading them.

A file counts as untouched if device, inode, size and both times are the same, for its sidecar too. Whoever
writes a file and sets its time back still moves the second time, which only the system sets; on a share that
keeps no such times `--rehash` finds it. Holds hashes of paths and of contents, no name and no text.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import astuple
from typing import TYPE_CHECKING, Self

from ingest.document import CHUNKER_VERSION, file_hash
from ingest.errors import UnreadableFile
from ingest.sidecars import sidecar_of

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.document import Defaults
    from ingest.sidecars import Pairs

FILE = "files.sqlite3"  # in the cache folder of the data folder; may be deleted at any time
# A file written to once more within the tick of its file system's clock looks the same; FAT ticks every 2 s.
_YOUNG_SECONDS = 3
_TABLE = (
    "CREATE TABLE IF NOT EXISTS files"
    " (folder BLOB, path BLOB, state TEXT, hash TEXT, PRIMARY KEY (folder, path)) WITHOUT ROWID"
)


class Seen:
    """The hashes of the files of one folder, read at the start and written by `keep`."""

    def __init__(self, file: Path | None, folder: Path, *, rehash: bool = False) -> None:
        """
        Remember *folder*'s files in *file*; nowhere if None.

        Args:
            file: A SQLite file, begun where there is none.
            folder: The folder that is scanned.
            rehash: Read every file, whatever is remembered.
        """
        self._file = file
        self._folder = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).digest()
        self._known: dict[bytes, tuple[str, str]] = {} if rehash else self._read()
        self._used: dict[bytes, tuple[str, str]] = {}

    @classmethod
    def in_data(cls, data: Path, folder: Path, *, rehash: bool = False) -> Self:
        """What is remembered of *folder* in the data folder *data*."""
        return cls(data / "cache" / FILE, folder, rehash=rehash)

    def hash_of(self, path: Path, defaults: Defaults | None, folder: Pairs | None = None) -> str:
        """
        `ingest.document.file_hash`, from memory where neither the file nor its sidecar was touched.

        Raises:
            UnreadableFile: The file system would not give it.
        """
        key, (state, _) = _key(path, defaults), _state(path, folder)
        known = self._known.get(key)
        if known is None or known[0] != state:
            known = (state, file_hash(path, defaults, folder))
            after, newest = _state(path, folder)
            if after != state or newest > time.time() - _YOUNG_SECONDS:
                return known[1]  # it moved, or may move unseen: to be read again next time
        self._used[key] = known
        return known[1]

    def keep(self) -> None:
        """Write down the files that were asked about, and forget the others of the folder."""
        if self._file is None or self._used == self._known:
            return
        rows = [(self._folder, path, state, content) for path, (state, content) in self._used.items()]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=30)) as db, db:
                db.execute(_TABLE)
                db.execute("DELETE FROM files WHERE folder = ?", (self._folder,))
                db.executemany("INSERT INTO files VALUES (?, ?, ?, ?)", rows)
        except (sqlite3.Error, OSError):
            return  # the next scan reads the files, and is right

    def _read(self) -> dict[bytes, tuple[str, str]]:
        if self._file is None or not self._file.exists():
            return {}
        try:
            with closing(sqlite3.connect(self._file, timeout=30)) as db:
                rows = db.execute("SELECT path, state, hash FROM files WHERE folder = ?", (self._folder,))
                return {path: (state, content) for path, state, content in rows}
        except sqlite3.Error:
            return {}


def _state(path: Path, folder: Pairs | None) -> tuple[str, float]:
    """What tells a file and its sidecar from any others, and the newest of their times, in seconds."""
    found: list[tuple[int, ...]] = []
    try:
        for part in (path, sidecar_of(path, folder)):
            stat = None if part is None else part.stat()
            if stat is not None:
                found.append(
                    (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns),
                )
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    return json.dumps(found), max(max(times[-2:]) for times in found) / 1e9


def _key(path: Path, defaults: Defaults | None) -> bytes:
    said = astuple(defaults) if defaults else None
    return hashlib.sha256(f"{CHUNKER_VERSION}\0{said}\0{path}".encode("utf-8", "surrogateescape")).digest()
