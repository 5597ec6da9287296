"""
A parser's process kept standing by, for many files in a row: what a fresh one costs is paid once.

The walls are those of `ingest.sandbox`, and each file has a process of its own all the same
(`ingest.standby_worker`). That gets a sealed copy in memory, never the file: an open one can be written to.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Self

from ingest import walls

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

COPIED_LIMIT = 32_000_000  # bytes of a file; a larger one goes the other way, it takes long enough anyway
_CLEAN_SECONDS = 10.0  # between the end of an answer and the end of the process that gave it
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL


class Standby:
    """
    At most one process, begun with the first file and again after one that was no good.

    For one thread: bubblewrap ends what it started together with the thread that started it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        room: walls.Room,
        limits: walls.Limits,
        environment: Mapping[str, str],
    ) -> None:
        self._command = command
        self._room = room
        self._limits = limits
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing; another file begins another."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            walls.end_group(self._process)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """From another thread: let whatever is being read end now."""
        process = self._process
        if process is not None:
            walls.end_group(process)

    def read(self, kind: str, path: Path, seconds: float) -> walls.Done | None:
        """
        What the worker says of the file at *path*, or None where it has to be asked in another way.

        Raises:
            OSError: The file cannot be read.
        """
        if path.stat().st_size > COPIED_LIMIT:
            return None
        with _sealed_copy(path) as document:
            done = self._read(kind, document, seconds)
        if done is None or not done.answer:
            self.close()
        return done

    def _read(self, kind: str, document: int, seconds: float) -> walls.Done | None:
        from_child, to_us = os.pipe()
        try:
            try:
                control = self._control or self._start()
                socket.send_fds(control, [f"{kind} {int(seconds) + 1}".encode("ascii")], [document, to_us])
            except OSError:  # it is gone, or cannot be started here
                return None
            finally:
                os.close(to_us)
            answer = walls.answer_through(from_child, seconds)
            if answer is None:
                return walls.Done(answer=b"", code=-1, late=True)
            return (
                walls.Done(answer=answer, code=0, late=False) if self._is_clean(control) or answer else None
            )
        finally:
            os.close(from_child)

    def _is_clean(self, control: socket.socket) -> bool:
        """Whether the worker goes on. If not it is let go; the answer it gave stands."""
        told = b""
        control.settimeout(_CLEAN_SECONDS)
        with contextlib.suppress(OSError):  # also where it takes too long
            told = control.recv(16)
        if not told:
            self.close()
        return bool(told)

    def _start(self) -> socket.socket:
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = walls.start(
                self._command,
                room=self._room,
                limits=self._limits,
                environment=self._environment,
                talks_on=theirs,
            )
        self._control = ours
        return ours


@contextmanager
def _sealed_copy(path: Path) -> Iterator[int]:
    """An open file in memory that holds what *path* holds, and that nobody can change any more."""
    copy = os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        with path.open("rb") as source, os.fdopen(os.dup(copy), "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        fcntl.fcntl(copy, fcntl.F_ADD_SEALS, _SEALS)
        yield copy
    finally:
        os.close(copy)


_ready: ContextVar[Standby | None] = ContextVar("standby", default=None)


def standing_by() -> Standby | None:
    """The worker that stands by for this thread, if any."""
    return _ready.get()


@contextmanager
def used_here(standby: Standby) -> Iterator[None]:
    """Let `ingest.sandbox.extract` use *standby* in this thread; closed at the end."""
    token = _ready.set(standby)
    try:
        with standby:
            yield
    finally:
        _ready.reset(token)
