"""
The worker that stands by: parsers loaded once, a child of its own for each file.

`python -m ingest.standby_worker`; its stdin is a Unix socket. A message is a kind, with two open files: the
document, sealed in memory, and the pipe for the answer. The child holds nothing else, ends after one file,
and must leave nothing: whatever lives on, or died of it, makes this process end too, so that no file meets
what another left behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.worker import answer_of, lower_limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

MESSAGE_LIMIT = 64  # bytes
_GIVEN = 2  # open files with each message
_NICENESS = 5  # whoever embeds meanwhile goes first
_PR_SET_DUMPABLE = 4
_INIT = 1
# What the loaders import when first used; loaded here, it is there in every child.
_PARSERS = (
    *(f"ingest.loaders.{name}" for name in ("csv", "docx", "html", "mail", "odf", "pdf", "pptx", "xlsx")),
    *("trafilatura", "pdfplumber", "PIL.Image"),
)


def main() -> int:
    """Load, then serve the socket on stdin until it is closed."""
    lower_limits()
    os.nice(_NICENESS)
    for name in _PARSERS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # otherwise every child's collector would copy all of it
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as control:
        os.close(sys.stdin.fileno())
        serve(control, answer_of)
    return 0


def serve(control: socket.socket, read: Callable[[str, Path], dict[str, Any]]) -> None:
    """
    Have each document that comes through *control* read by a child; after each, say that all is clean.

    Comes back when *control* is closed, and when a child was no good.
    """
    keep_children_out()
    while True:
        message, files, _, _ = socket.recv_fds(control, MESSAGE_LIMIT, _GIVEN)
        if len(files) != _GIVEN:
            return
        child = os.fork()
        if child == 0:
            _read_one(control, message, read, document=files[0], pipe=files[1])
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        if status or _others_live():
            return
        control.send(b"clean")


def keep_children_out() -> None:
    """No process of the same account may look into this one's memory, or write to it, from now on."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _read_one(
    control: socket.socket,
    message: bytes,
    read: Callable[[str, Path], dict[str, Any]],
    *,
    document: int,
    pipe: int,
) -> NoReturn:
    code = 1
    try:
        os.setpgid(0, 0)
        control.close()
        kind, seconds = message.decode("ascii").split()
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        answer = json.dumps(read(kind, Path(f"/proc/self/fd/{document}"))).encode()
        with os.fdopen(pipe, "wb") as out:
            out.write(answer)
        code = 0
    finally:
        os._exit(code)  # nothing of the parent's is to be unwound here


def _others_live() -> bool:
    """Whether anybody else lives in our own space of processes; without one nobody can say."""
    if os.getppid() != _INIT:
        return False
    return {int(entry.name) for entry in Path("/proc").glob("[0-9]*")} != {_INIT, os.getpid()}


if __name__ == "__main__":
    sys.exit(main())
