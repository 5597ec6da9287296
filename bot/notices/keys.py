"""
One key for every day, in memory only: a folder that the machine keeps in memory, or this process.

Without the day's key a notice is noise. Keys are never on a disk, so they are in no backup; they go after
seven days, and with the machine. A memory folder outlives the process, for a restart to lose no notice.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import threading
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.keyfiles import KEY_BYTES, destroy, key_in

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS: Final = 7  # that a key lives, the day it was made on included
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - whose folder it is, is looked at below
_OTHERS: Final = 0o077  # what nobody else may
_MEMORY_TYPES: Final = frozenset(("tmpfs", "ramfs"))
_MOUNTS: Final = Path("/proc/self/mounts")


class DayKeys:
    """The keys of the last days. Safe between threads; with a folder, between processes too."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._held: dict[date, bytes] = {}
        self._lock = threading.Lock()

    def make(self, day: date) -> bytes:
        """
        The key of *day*, made if there is none.

        Raises:
            OSError, ValueError: The folder cannot be written, or holds what is no key.
        """
        with self._lock:
            if self.folder is not None:
                return key_in(self.folder / day.isoformat())
            return self._held.setdefault(day, os.urandom(KEY_BYTES))

    def find(self, day: date) -> bytes | None:
        """The key of *day*; None if it is gone."""
        with self._lock:
            if self.folder is None:
                return self._held.get(day)
            try:
                key = (self.folder / day.isoformat()).read_bytes()
            except OSError:
                return None
            return key if len(key) == KEY_BYTES else None

    def forget(self, today: date) -> None:
        """Destroy every key that has had its days, and those of days that cannot be."""
        with self._lock:
            for day in [day for day in self._held if not is_kept(day, today)]:
                del self._held[day]
            for file, day in list(self._files()):
                if not is_kept(day, today):
                    destroy(file)

    def _files(self) -> Iterator[tuple[Path, date]]:
        for file in self.folder.iterdir() if self.folder is not None else ():
            with suppress(ValueError):
                yield file, date.fromisoformat(file.name)


def is_kept(day: date, today: date) -> bool:
    """Whether what was asked for on *day* is still kept; a clock that was ahead keeps nothing longer."""
    return today - timedelta(days=DAYS) < day <= today + timedelta(days=1)


def memory_folder(named: Path | None, data: Path) -> Path | None:
    """
    A folder for the keys of *data* that is in memory and ours alone, made if need be.

    Args:
        named: The one the settings name; below /dev/shm if they name none.
        data: The data folder: each has keys of its own.

    Returns:
        None where there is none, or it could be another user's, or lies on a disk: keys then live in the
        process, and a restart loses the notices.
    """
    whose = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:12]
    folder = named or _MEMORY / f"binhan-{whose}"
    try:
        if named is None and not _MEMORY.is_dir():
            return None
        folder.mkdir(parents=named is not None, exist_ok=True, mode=0o700)
        found = folder.lstat()  # anybody may have put a link there
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        if not is_ours or found.st_mode & _OTHERS or not _is_in_memory(folder):
            return None
    except OSError:
        return None
    return folder


def _is_in_memory(folder: Path) -> bool:
    whole, best, kind = folder.resolve(), Path(), ""
    for line in _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, type_, *_ = line.split(" ")
        mounted = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point))  # \040 is a space
        if whole.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, type_
    return kind in _MEMORY_TYPES
