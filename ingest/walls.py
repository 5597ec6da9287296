"""
A process with walls: no environment of ours, limited time, memory and files; by bubblewrap no network.

Inside bubblewrap stand only the programs of the system, what the caller lets be read, and an empty folder for
temporary files. Without bubblewrap (a container that forbids it, another system) the limits still hold.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping, Sequence

# Where the system keeps programs: a service started without PATH must not be one without walls.
PROGRAMS = "/usr/local/bin:/usr/bin:/bin"
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/libreoffice", "/etc/alternatives")
_WRITABLE = ("/dev", "/tmp", "/")  # noqa: S108 - inside the walls, and only to be closed
_SYSTEM_FILES = ("/etc/ld.so.cache",)
_ANSWER_LIMIT = 200_000_000  # bytes on stdout; more is no answer
_BLOCK = 1 << 16  # bytes
_TRIAL_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`seconds` on the clock; `memory` in bytes of address space, `file_bytes` of each file written."""

    seconds: float
    memory: int
    file_bytes: int
    open_files: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How the process ended: what it said on stdout, its return code, and whether it was stopped for time."""

    answer: bytes
    code: int
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the process may see: paths to read, each under the name it has there, and one folder to write."""

    reads: Mapping[str, str] = field(default_factory=dict)  # real path -> path inside
    writes: str = ""  # a real folder, `/out` inside
    is_bare: bool = False  # not even an empty folder to write to: nothing stays for the next file


def run(command: Sequence[str], *, room: Room, limits: Limits, environment: Mapping[str, str]) -> Done:
    """
    Run *command* with walls; its words on stderr are dropped, for parsers quote what they read.

    The paths in *command* are real ones; inside bubblewrap they are replaced by the names *room* gives them.
    All processes it started end with it.
    """
    process = start(command, room=room, limits=limits, environment=environment)
    with process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            answer = answer_through(process.stdout.fileno(), limits.seconds)
        finally:
            end_group(process)
    return Done(answer=answer or b"", code=process.returncode, late=answer is None)


def start(
    command: Sequence[str],
    *,
    room: Room,
    limits: Limits,
    environment: Mapping[str, str],
    talks_on: socket.socket | None = None,
) -> subprocess.Popen[bytes]:
    """
    Start *command* with walls and come back at once; clock and `end_group` are the caller's business.

    It answers on stdout, or, if there is *talks_on*, is given that as its stdin and has no stdout.
    Bubblewrap ends it with the thread that started it.
    """
    walled = walls_stand()
    limited = [*_limits(limits), *(_inside(command, room) if walled else command)]
    return subprocess.Popen(  # noqa: S603 - programs of ours and of the system, no shell
        [*_wall(room, environment), *limited] if walled else limited,
        stdin=subprocess.DEVNULL if talks_on is None else talks_on.fileno(),
        stdout=subprocess.PIPE if talks_on is None else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=dict(environment),
        start_new_session=True,
    )


def answer_through(pipe: int, seconds: float) -> bytes | None:
    """
    What comes through *pipe*, an open file, until it is closed: b"" if too much, None after *seconds*.

    Waiting for the process alone would not do: a child that left its group could hold the pipe open.
    """
    end = time.monotonic() + seconds
    parts: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while True:
            if not waiting.select(max(0.0, end - time.monotonic())):
                return None
            block = os.read(pipe, _BLOCK)
            length += len(block)
            if not block or length > _ANSWER_LIMIT:
                return b"" if length > _ANSWER_LIMIT else b"".join(parts)
            parts.append(block)


@cache
def walls_stand() -> bool:
    """Whether bubblewrap is present and works here; tried once."""
    if _program("bwrap") is None:
        return False
    command = [*_wall(Room(), {"PATH": PROGRAMS}), "true"]
    try:
        tried = subprocess.run(command, check=False, capture_output=True, timeout=_TRIAL_SECONDS)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _program(name: str) -> str | None:
    return shutil.which(name, path=PROGRAMS)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """The whole group: LibreOffice starts others. Bubblewrap takes its own along."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _limits(limits: Limits) -> list[str]:
    prlimit = _program("prlimit")
    if prlimit is None:
        return []
    return [
        prlimit,
        f"--as={limits.memory}",
        f"--fsize={limits.file_bytes}",
        f"--cpu={int(limits.seconds) + 1}",
        f"--nofile={limits.open_files}",
        "--core=0",
    ]


def _inside(command: Sequence[str], room: Room) -> list[str]:
    names = dict(room.reads)
    if room.writes:
        names[room.writes] = "/out"
    return [names.get(word, word) for word in command]


def _wall(room: Room, environment: Mapping[str, str]) -> list[str]:
    return [
        *(
            _program("bwrap") or "bwrap",
            "--unshare-all",
            "--die-with-parent",
            "--new-session",
            "--cap-drop",
            "ALL",
            "--clearenv",
        ),
        *(word for name, value in environment.items() for word in ("--setenv", name, value)),
        *(word for path in (*_SYSTEM, *_SYSTEM_FILES) for word in ("--ro-bind-try", path, path)),
        *("--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),  # noqa: S108 - its own, empty and gone after
        *(
            word
            for path, name in room.reads.items()
            for word in ("--ro-bind", str(Path(path).resolve()), name)
        ),
        *(("--bind", room.writes, "/out") if room.writes else ()),
        *(word for path in (_WRITABLE if room.is_bare else ()) for word in ("--remount-ro", path)),
        *("--chdir", "/", "--"),
    ]
