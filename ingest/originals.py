"""
The files that documents were read from, kept as they came: one file for each content, named by its SHA-256.

A file is whole or not there: it is written beside its place, forced to the disk and renamed. What no kept
version refers to is swept away. Readable by the service's account alone: a withdrawn paper stays among them.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock

from ingest.errors import EmptyFile, FileChanged, NoRoom, TooLarge, UnreadableFile
from ingest.media_types import HEAD, media_type_of
from ingest.names import readable
from ingest.sniff import FILE_LIMIT, opened
from knowledge.model import Original

if TYPE_CHECKING:
    from collections.abc import Collection

    from knowledge.model import DocumentDraft

_BLOCK = 1 << 20
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_LOCK_S = 60.0
_HEX = frozenset("0123456789abcdef")
_SHA256_LENGTH = 64


class Originals:
    """The store below one folder. Several processes may use it: the service, and commands beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, file: Path, wanted: Original) -> None:
        """
        Copy *file* into the store, unless it is there.

        Raises:
            FileChanged: Its bytes are not those that *wanted* was made from.
            NoRoom: The disk is full; nothing is left of the attempt.
            NotAFile, TooLarge: As `ingest.sniff.opened` says.
            UnreadableFile: The file system would not give *file*, or take the copy.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._alone():
            kept = self.path(wanted.sha256)
            if kept is not None:
                os.utime(kept)  # young again: a sweep must not take it before a version refers to it
                return
            try:
                self._copy(file, wanted)
            except OSError as error:
                if error.errno in _FULL:
                    raise NoRoom from None
                raise UnreadableFile(reason=type(error).__name__) from None

    def path(self, sha256: str) -> Path | None:
        """Where the bytes of that name are; None where they are not kept."""
        place = self._place(sha256)
        return place if place is not None and place.is_file() else None

    def sweep(self, referred: Collection[str], *, grace_s: float = 3_600) -> int:
        """
        Remove what is not among *referred*, save what is younger than *grace_s* seconds: it is on its way in.

        Returns:
            How many files went.
        """
        if not self._folder.is_dir():
            return 0
        kept, before, gone = frozenset(referred), time.time() - grace_s, 0
        with self._alone():
            for file in self._folder.glob("*/*"):
                with suppress(OSError):
                    if file.name not in kept and file.stat().st_mtime <= before:
                        file.unlink()
                        gone += 1
        return gone

    def drop(self, sha256s: Collection[str]) -> None:
        """Remove these at once: their documents were taken out for good."""
        if not self._folder.is_dir():
            return
        with self._alone():
            for sha256 in sha256s:
                if kept_file := self.path(sha256):
                    kept_file.unlink(missing_ok=True)

    def _alone(self) -> FileLock:
        return FileLock(self._folder / ".lock", timeout=_LOCK_S, mode=0o600)

    def _place(self, sha256: str) -> Path | None:
        # The name may come from a request or a database: nothing but a digest becomes a path.
        if len(sha256) != _SHA256_LENGTH or not _HEX.issuperset(sha256):
            return None
        return self._folder / sha256[:2] / sha256

    def _copy(self, file: Path, wanted: Original) -> None:
        place = self._place(wanted.sha256)
        if place is None:
            raise FileChanged
        place.parent.mkdir(mode=0o700, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".new-", dir=place.parent)  # 0600 from its first moment
        try:
            with os.fdopen(handle, "wb") as copy, opened(file) as source:
                _copy_bytes(source, copy, wanted.sha256)
            Path(beside).replace(place)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        _force_folder(place.parent)


def kept(draft: DocumentDraft, file: Path, originals: Originals) -> DocumentDraft:
    """
    *draft* with its *file* in *originals*.

    Raises:
        IngestError: It cannot be kept.
    """
    original = draft.original or original_of(file)
    originals.keep(file, original)
    return replace(draft, original=original)


def original_of(file: Path) -> Original:
    """
    What is to be kept of *file*.

    Raises:
        EmptyFile, NotAFile, TooLarge, UnreadableFile.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with opened(file) as source:
            while block := source.read(_BLOCK):
                head = head or block[:HEAD]
                size += len(block)
                _within_limit(size)
                digest.update(block)
    except OSError as error:
        raise UnreadableFile(reason=type(error).__name__) from None
    if not size:
        raise EmptyFile
    media_type = media_type_of(head, file.suffix.lower())
    return Original(sha256=digest.hexdigest(), name=readable(file.name), media_type=media_type, size=size)


def _copy_bytes(source: BinaryIO, copy: BinaryIO, wanted: str) -> None:
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        size += len(block)
        _within_limit(size)
        digest.update(block)
        copy.write(block)
    if digest.hexdigest() != wanted:
        raise FileChanged
    copy.flush()
    os.fsync(copy.fileno())


def _within_limit(size: int) -> None:
    if size > FILE_LIMIT:
        raise TooLarge(what="file", limit=f"{FILE_LIMIT // 1_000_000} MB")


def _force_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
