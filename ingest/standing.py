"""A folder's files as they stand: which are being written, and whether anything differs from last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.folder_files import STRAY, files_below
from ingest.sidecars import Pairs, sidecar_of

if TYPE_CHECKING:
    from pathlib import Path

State = tuple[int, ...]  # of a file and its sidecar, from `stat`; empty: gone


class Standing:
    """
    The files below one folder.

    Times of files are not trusted: a share's clock may be another. What counts is since when we see the same.
    """

    def __init__(self, root: Path, quiet_s: float) -> None:
        self._root = root
        self._quiet_s = quiet_s
        self._seen: dict[Path, tuple[State, float]] = {}  # as it is now, and since when on our clock
        self._synced: dict[Path, State] | None = None  # as it was when the library was made like it
        self.identity: tuple[int, int] | None = (
            None  # device and inode: another folder has to be watched anew
        )

    def look(self, now: float) -> bool:
        """Note every file; False where the folder is not there or cannot be listed."""
        states = self._states()
        if states is None:
            return False
        for path in self._seen.keys() | states.keys():
            state = states.get(path, ())
            if path not in self._seen or self._seen[path][0] != state:
                self._seen[path] = (state, now)
        return True

    def moving(self, now: float) -> frozenset[Path]:
        """What has not stood still for long enough, or not been gone for so long."""
        return frozenset(path for path, (_, since) in self._seen.items() if now - since < self._quiet_s)

    def differs(self, moving: frozenset[Path]) -> bool:
        """Whether anything but *moving* is another than when `synced` was called."""
        if self._synced is None:
            return not moving or len(moving) < len(self._seen)
        return any(
            state != self._synced.get(path, ())
            for path, (state, _) in self._seen.items()
            if path not in moving
        )

    def synced(self, moving: frozenset[Path]) -> None:
        """The library is like what was seen, but for *moving*."""
        before = self._synced or {}
        self._synced = {
            path: before.get(path, ()) if path in moving else state
            for path, (state, _) in self._seen.items()
            if state or path in moving
        }
        self._seen = {path: kept for path, kept in self._seen.items() if kept[0] or path in moving}

    def _states(self) -> dict[Path, State] | None:
        closed: dict[Path, str] = {}
        try:
            self._root.stat()
            states = {path: _state(path, paired) for path, paired in files_below(self._root, closed)}
            states |= {path: _state(path, Pairs()) for path, reason in closed.items() if reason == STRAY}
        except OSError:
            return None
        if self._root in closed:
            return None
        unknown = {path for path, reason in closed.items() if reason != STRAY}
        for path, (state, _) in self._seen.items():
            if path in unknown or not unknown.isdisjoint(path.parents):
                states[path] = state  # nobody knows; it stays what it was
        return states


def _state(path: Path, folder: Pairs) -> State:
    """Of *path* and its sidecar; empty if it went away meanwhile."""
    state: list[int] = []
    try:
        beside = sidecar_of(path, folder)
    except IngestError:
        beside = None
        state.append(0)  # held back until its sidecars are clear
    for part in (path, beside):
        if part is None:
            continue
        try:
            stat = part.stat()
        except FileNotFoundError:
            continue
        state += (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    return tuple(state)
