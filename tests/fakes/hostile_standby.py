"""Stands where `ingest.standby_worker` does: the real loop, with deeds of hostile files, not loaders."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.standby_worker import serve

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> int:
    """Serve the socket on stdin."""
    with socket.socket(fileno=os.dup(0)) as control:
        os.close(0)
        serve(control, lambda kind, path: {"told": DEEDS[kind](path)})
    return 0


def _error(deed: Callable[[], object]) -> str:
    try:
        deed()
    except OSError as error:
        return type(error).__name__
    return "done"


def tell(path: Path) -> Any:
    """Read as one should; and say who reads."""
    return [path.read_bytes().decode(), os.getpid(), os.getppid()]


def write_back(path: Path) -> Any:
    """Change the document itself."""

    def overwrite() -> None:
        with path.open("r+b") as file:
            file.write(b"x")

    return [_error(overwrite), _error(lambda: os.truncate(path, 0))]


def peer_at_parent(_: Path) -> Any:
    """Look into the process that reads every file, and take its socket."""
    parent = Path(f"/proc/{os.getppid()}")
    return [
        _error((parent / "mem").open),
        _error(lambda: [entry.readlink() for entry in (parent / "fd").iterdir()]),
    ]


def speak_for_parent(_: Path) -> Any:
    """Say on any open socket that all is clean."""
    spoke = []
    for number in range(64):
        try:
            with socket.socket(fileno=number) as found:
                found.send(b"clean")
        except OSError:
            continue
        spoke.append(number)
    return spoke


def leave_things(_: Path) -> Any:
    """Leave something for the next file to find."""
    places = [Path(folder) / "lxml" for folder in ("/", "/tmp", "/dev", "/dev/shm")]  # noqa: S108 - tried
    return [_error(place.mkdir) for place in places]


def linger(_: Path) -> Any:
    """Answer, and leave a process of another group behind."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 64)
            time.sleep(600)
        os._exit(0)
    os.wait()
    return "lingering"


def die(_: Path) -> Any:
    """Crash."""
    os.kill(os.getpid(), signal.SIGSEGV)


def go_out(_: Path) -> Any:
    """Find another file, or a network."""
    reached = _error(lambda: socket.create_connection(("1.1.1.1", 53), timeout=2).close())
    return [Path("/etc/passwd").exists(), list(Path("/tmp").iterdir()), os.environ.get("HOME"), reached]  # noqa: S108 - looked at


def sleep(_: Path) -> Any:
    """Never end."""
    time.sleep(600)


DEEDS: dict[str, Callable[[Path], Any]] = {
    deed.__name__: deed
    for deed in (
        *(tell, write_back, peer_at_parent, speak_for_parent, leave_things, linger, die, go_out, sleep),
    )
}

if __name__ == "__main__":
    sys.exit(main())
