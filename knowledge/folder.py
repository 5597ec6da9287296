"""The data folder: where everything stands, and the lock that keeps one process in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from knowledge.errors import IndexLocked

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths under one root (`BINHAN_DATA`)."""

    root: Path

    @property
    def record(self) -> Path:
        """The SQLite record, where no other database is configured."""
        return self.root / "record.sqlite3"

    @property
    def vectors(self) -> Path:
        """Chroma's directory."""
        return self.root / "index" / "chroma"

    @property
    def lexical(self) -> Path:
        """One tantivy folder per audience below it."""
        return self.root / "index" / "lexical"

    @property
    def restorer(self) -> Path:
        """The counts that restore diacritics."""
        return self.root / "index" / "restorer.json.gz"

    @property
    def vector_cache(self) -> Path:
        """Vectors by content hash; may be deleted at any time."""
        return self.root / "cache" / "vectors.sqlite3"

    @property
    def originals(self) -> Path:
        """The files that documents were read from, by what they hold: see `ingest.originals`."""
        return self.root / "originals"

    @property
    def model_spending(self) -> Path:
        """What the language model cost today, in numbers."""
        return self.root / "model-spending.json"

    @property
    def socket(self) -> Path:
        """Where a running `binhan serve` takes the commands of the same user."""
        return self.root / "binhan.sock"

    def lock(self) -> FileLock:
        """
        Hold the folder for this process until the lock is released or the process ends.

        Two processes writing one Chroma directory lose vectors without an error.

        Raises:
            IndexLocked: Another process holds it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        held = FileLock(self.root / ".lock", timeout=0)
        try:
            held.acquire()
        except Timeout:
            raise IndexLocked(folder=str(self.root)) from None
        return held
