"""
When something may have changed below a folder: told by the system, or found out by looking again and again.

Only a wake-up: what changed is seen by whoever looks. The system tells nothing of what another machine writes
to a network share, and may run out of watches; there the answer is "look again" every few seconds.
"""

from __future__ import annotations

import re
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from watchfiles import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from threading import Event

POLL_S: Final = 10.0  # between two looks at a folder the system tells nothing of
_STEP_MS: Final = 50  # also how soon a stop is noticed
_TICK_MS: Final = 1_000
_TOLD_OF_BY_NOBODY: Final = re.compile(
    r"(?:nfs\d?|cifs|smb\w*|ncpfs|9p|virtiofs|drvfs|vboxsf|vmhgfs|afs|ceph|glusterfs|lustre|davfs|fuse(?:\..+)?)"
)
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


class FolderEvents:
    """Wakes whoever waits for changes below *root*, until *stop* is set."""

    def __init__(self, root: Path, stop: Event, *, poll_s: float = 0.0) -> None:
        """
        Begin to watch.

        Args:
            root: An existing folder, or one that may come back.
            stop: Ends every wait within a moment.
            poll_s: Seconds between two looks; 0: only where the system tells nothing of changes.
        """
        self._root = root
        self._stop = stop
        self._poll_s = poll_s
        self._told: Generator[set[tuple[object, str]], None, None] | None = None
        self._watched: tuple[int, int] | None = None

    def drive(self, turn: Callable[[], float], polling: Callable[[], None] = lambda: None) -> None:
        """
        Call *turn* whenever something may have changed, until the stop.

        Args:
            turn: Looks, and gives the seconds after which it wants to be called at the latest.
            polling: Called when the system turns out to tell nothing of this folder.
        """
        did_poll = False
        self.begin()
        try:
            while not self._stop.is_set():
                if self._identity() != self._watched:
                    self.begin()
                if self.polls and not did_poll and self._watched is not None:
                    did_poll = True
                    polling()
                self.wait(turn())
        finally:
            self.close()

    @property
    def polls(self) -> bool:
        """Whether it has to look for itself."""
        return self._told is None

    def wait(self, at_most_s: float) -> None:
        """Return when something may have changed, after *at_most_s* seconds at the latest."""
        end = monotonic() + at_most_s
        while self._told is not None and not self._stop.is_set() and monotonic() < end:
            try:
                if next(self._told):
                    return
            except StopIteration:
                return
            except (OSError, RuntimeError):  # no watches left, or the folder went away under them
                self._told = None
        if self._told is None:
            self._stop.wait(min(max(0.0, end - monotonic()), self._poll_s or POLL_S))

    def close(self) -> None:
        """Give the system's watches back."""
        if self._told is not None:
            self._told.close()
            self._told = None

    def begin(self) -> None:
        """Watch the folder that is there now; again, where it is another one or came back."""
        self.close()
        self._watched = self._identity()
        if self._poll_s or self._watched is None or is_shared(self._root):
            return
        told = watch(
            self._root,
            watch_filter=None,
            debounce=4 * _STEP_MS,
            step=_STEP_MS,
            stop_event=self._stop,
            rust_timeout=_TICK_MS,
            yield_on_timeout=True,
            force_polling=False,
            ignore_permission_denied=True,
        )
        try:
            next(told)  # the watches stand only after the first step
        except (StopIteration, OSError, RuntimeError):
            return
        self._told = told  # type: ignore[assignment]

    def _identity(self) -> tuple[int, int] | None:
        try:
            stat = self._root.stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino


def is_shared(root: Path, mounts: str | None = None) -> bool:
    """
    Whether *root* lies on another machine or another system's disk, whose changes this system is not told of.

    Args:
        root: A folder.
        mounts: As `/proc/self/mountinfo` writes them; read there unless given. Without it: no.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5:  # noqa: PLR2004 - the mount point is the fifth
            continue
        point = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4]))
        if root.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return bool(_TOLD_OF_BY_NOBODY.fullmatch(kind))
