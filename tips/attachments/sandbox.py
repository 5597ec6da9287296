"""
The process a file is cleaned in: memory only, limited, without our environment, walled in where it can be.

A hostile file may take over the parser that reads it. It then can write no file and finds no environment;
with bubblewrap it also finds no network, no other process, no key, no database: only Python and our code to
read.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import IO

from tips.attachments.limits import CLEANED_LIMIT, Reason
from tips.errors import FileRefused

_TIPS = Path(__file__).resolve().parents[1]
_HEADER_LIMIT = 500  # bytes
# Nothing of our environment goes along: it may hold tokens and says who runs this.
_ENVIRONMENT = {"PYTHONPATH": str(_TIPS.parent), "LANG": "C.UTF-8", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
_OUT_OF_CPU = {-signal.SIGXCPU, 128 + signal.SIGXCPU}  # bubblewrap reports 128 + signal


_WORKER = ("-m", "tips.attachments.worker")


class Sandbox:
    """
    Runs the worker, a process for each file, at most *at_once* of them side by side.

    Args:
        seconds: For one file, on the clock.
        at_once: Files beyond that wait.
        bubblewrap: Whether to wall the process in; None: where that works.
        program: What Python runs in the process.
    """

    def __init__(
        self,
        *,
        seconds: float,
        at_once: int = 1,
        bubblewrap: bool | None = None,
        program: tuple[str, ...] = _WORKER,
    ) -> None:
        self._program = program
        self.is_walled = wall_works() if bubblewrap is None else bubblewrap
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)

    def clean(self, content: bytes) -> tuple[str, bytes]:
        """
        Media type and bytes of what may be kept of *content*. The type is the worker's word: check it.

        Raises:
            FileRefused: With the worker's reason; `broken` if it died or spoke nonsense.
        """
        with self._places:
            answer = _run(content, self._seconds, self._program, is_walled=self.is_walled)
        head, _, body = answer.partition(b"\n")
        try:
            header = json.loads(head[:_HEADER_LIMIT])
            refused, media_type = header["refused"], header["type"]
        except (ValueError, KeyError, TypeError):
            raise FileRefused(reason=Reason.BROKEN) from None
        if refused:
            # A worker that was taken over may say anything: only our own reasons leave here.
            raise FileRefused(reason=refused if refused in set(Reason) else Reason.BROKEN)
        return str(media_type), body


def _run(content: bytes, seconds: float, program: tuple[str, ...], *, is_walled: bool) -> bytes:
    """What the worker answers to *content*."""
    command = [sys.executable, "-B", "-s", "-P", *program, str(int(seconds) + 1)]
    process = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [*_wall(), *command] if is_walled else command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # parsers quote what they read
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()  # bubblewrap takes its children along (--die-with-parent)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        with process:
            assert process.stdin is not None  # noqa: S101 - both are pipes
            assert process.stdout is not None  # noqa: S101
            feeder = threading.Thread(target=_feed, args=(process.stdin, content), daemon=True)
            feeder.start()
            limit = _HEADER_LIMIT + CLEANED_LIMIT
            answer = process.stdout.read(limit + 1)
            process.kill()  # it has answered, or says more than it may
            feeder.join()
    finally:
        timer.cancel()
    if late.is_set() or (not answer and process.returncode in _OUT_OF_CPU):
        raise FileRefused(reason=Reason.TOOK_TOO_LONG)
    if len(answer) > limit:
        raise FileRefused(reason=Reason.TOO_LARGE)
    return answer


def _feed(pipe: IO[bytes], content: bytes) -> None:
    try:
        pipe.write(content)
        pipe.close()
    except OSError:
        pass  # the worker ended early; what it said, or did not say, decides


def _wall() -> list[str]:
    """Bubblewrap's call: Python and our cleaning code to read, nothing to write, nobody to talk to."""
    return [
        shutil.which("bwrap") or "bwrap",
        *("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"),
        *(word for name, value in _ENVIRONMENT.items() for word in ("--setenv", name, value)),
        *(word for path in ("/usr", "/lib", "/lib64", "/bin") for word in ("--ro-bind-try", path, path)),
        *("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"),
        *(word for path in _python_folders() for word in ("--ro-bind", path, path)),
        *("--ro-bind", str(_TIPS), str(_TIPS)),  # not the project's folder: data/ may lie there
        *("--dev", "/dev", "--chdir", "/", "--"),
    ]


def _python_folders() -> list[str]:
    folders = {sys.base_prefix, sys.prefix, str(Path(sys.executable).resolve().parent.parent)}
    return sorted(folder for folder in folders if folder not in {"/", "/usr"})


@cache
def wall_works() -> bool:
    """Whether bubblewrap is present and can wall in our worker here; tried once, on one word."""
    if shutil.which("bwrap") is None:
        return False
    try:
        return b"text/plain" in _run(b"binh an", 20, _WORKER, is_walled=True)
    except (FileRefused, OSError):
        return False
