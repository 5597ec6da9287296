"""One installation to look at: every folder that the program may write into, and the program itself."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from tests.bot.program import REPOSITORY, START_S, STOP_S, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.bot.program import Program

COMMAND_S = 120


@dataclass(slots=True)
class Stage:
    """
    A data folder with a home, temporary files and logs of its own, all below *root*.

    *settings* are the program's, without their prefix.
    """

    root: Path
    guides: Path
    settings: dict[str, str] = field(default_factory=dict)
    runs: int = 0

    @classmethod
    def of(cls, ripe: Program, root: Path, **settings: str) -> Stage:
        """An installation whose guides are indexed already."""
        stage = cls(root, ripe.guides, settings)
        shutil.copytree(ripe.data, stage.data)
        for used in ("tips", "desk"):  # the units and keys of this installation alone
            shutil.rmtree(stage.data / used, ignore_errors=True)
        for folder in (stage.temp, stage.home, stage.xdg, stage.logs, stage.senders):
            folder.mkdir()
        return stage

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.root / "data"

    @property
    def temp(self) -> Path:
        """Temporary files."""
        return self.root / "tmp"

    @property
    def home(self) -> Path:
        """The home of who runs the service."""
        return self.root / "home"

    @property
    def xdg(self) -> Path:
        """Where XDG's variables lead."""
        return self.root / "xdg"

    @property
    def logs(self) -> Path:
        """What the service printed, and what commands logged."""
        return self.root / "logs"

    @property
    def senders(self) -> Path:
        """The homes of those who use the command line, each under a name of its own."""
        return self.root / "senders"

    @property
    def scanned(self) -> dict[str, Path]:
        """Every folder that is to be looked through, but the logs."""
        homes = {f"home {number}": home for number, home in enumerate(sorted(self.senders.iterdir()))}
        places = {"data": self.data, "tmp": self.temp, "home": self.home, "xdg": self.xdg, **homes}
        copies = {"backup": self.backup, "killed": self.killed}
        return places | {name: copy for name, copy in copies.items() if copy.exists()}

    @property
    def backup(self) -> Path:
        """A copy of the data folder, as an operator makes it."""
        return self.root / "backup"

    @property
    def killed(self) -> Path:
        """A copy of the data folder as a SIGKILL left it."""
        return self.root / "killed"

    def back_up(self) -> None:
        """Copy the data folder: databases by SQLite's own way, all else as files."""
        for file in (file for file in sorted(self.data.rglob("*")) if file.is_file()):
            copy = self.backup / file.relative_to(self.data)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix == ".sqlite3":
                with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
                    source.backup(target)
            elif not file.name.endswith(("-wal", "-shm")):
                shutil.copyfile(file, copy)

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the tester's own but the way to programs."""
        ours = {"data": str(self.data), "guides": str(self.guides)} | self.settings
        named = {f"BINHAN_{name.upper()}": value for name, value in ours.items()}
        xdg = {f"XDG_{name}": str(self.xdg / name.lower()) for name in ("CACHE_HOME", "CONFIG_HOME")}
        xdg |= {f"XDG_{name}": str(self.xdg / name.lower()) for name in ("DATA_HOME", "STATE_HOME")}
        base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(REPOSITORY)}
        places = {"HOME": str(self.home), "TMPDIR": str(self.temp), "COLUMNS": "300", "TERM": "dumb"}
        return base | places | xdg | named | more

    def run(
        self, *arguments: str, typed: str = "", code: int | None = 0, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, logging at DEBUG into a file; *code* None: however it ends."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.canary.runner", *arguments],
            env=self.environment(CANARY_LOG=str(self.new_log("command")), **more),
            cwd=self.root,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_S,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        assert code is None or done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    def new_log(self, name: str) -> Path:
        """A file for one process's log."""
        self.runs += 1
        return self.logs / f"{self.runs:02}-{name}.log"

    @contextlib.contextmanager
    def serving(self, port: int = 0, **more: str) -> Iterator[Running]:
        """A running service that answers, stopped at the end."""
        running = self.start(port, **more)
        try:
            running.wait()
            yield running
        finally:
            running.end()

    def start(self, port: int = 0, **more: str) -> Running:
        """Start `binhan serve`, on a free port unless one is given; what it says goes to one file."""
        port, log = port or free_port(), self.new_log("serve")
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.canary.runner", "serve", "--port", str(port)],
                env=self.environment(**more),
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return Running(process, port, log)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """The store of tips, held by another process that lets nobody else write."""
        code = (
            "import sqlite3, sys\n"
            "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "connection.execute('BEGIN EXCLUSIVE')\n"
            "print('locked', flush=True)\n"
            "sys.stdin.read()\n"
        )
        command = [sys.executable, "-c", code, str(self.data / "tips" / "tips.sqlite3")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"locked\n"
            yield
            holder.communicate()


@dataclass(frozen=True, slots=True)
class Running:
    """One `binhan serve`."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def said(self) -> str:
        """All that it printed and logged."""
        return self.log.read_text(encoding="utf-8")

    def wait(self) -> None:
        """Wait until it answers; asked as nobody in particular."""
        begun = time.monotonic()
        while time.monotonic() - begun < START_S:
            assert self.process.poll() is None, self.said
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.suppress(OSError, HTTPException), contextlib.closing(connection):
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                return
            time.sleep(0.1)
        raise AssertionError(self.said)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """SIGTERM, and SIGKILL if that does not help."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()
                raise


class Typing:
    """A command that is talked with: lines are typed after what the screen shows."""

    def __init__(self, stage: Stage, *arguments: str, **more: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.canary.runner", *arguments],
            env=stage.environment(CANARY_LOG=str(stage.new_log("typing")), **more),
            cwd=stage.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._heard = bytearray()
        self._read_to = 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def screen(self) -> str:
        """All that was shown."""
        return bytes(self._heard).decode("utf-8", "ignore")

    def answer(self, pattern: str, line: str | Callable[[re.Match[str]], str]) -> None:
        """Type *line* once *pattern* stands in what is shown since the last line was typed."""
        begun = time.monotonic()
        while not (found := re.search(pattern, self.screen[self._read_to :])):
            assert time.monotonic() - begun < COMMAND_S, (pattern, self.screen[self._read_to :])
            assert self._process.poll() is None, (pattern, self.screen[self._read_to :])
            time.sleep(0.02)
        self._read_to = len(self.screen)
        typed = line if isinstance(line, str) else line(found)
        assert self._process.stdin is not None
        self._process.stdin.write(typed.encode() + b"\n")
        self._process.stdin.flush()

    def choose(self, words: str) -> None:
        """Take the choice that is called *words*."""
        self.answer(rf"(?m)^\s*(/?\d+)\s+{re.escape(words)}", lambda found: found[1])

    def end(self) -> int:
        """Hang up; gives the exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        code = self._process.wait(timeout=COMMAND_S)
        self._listener.join(timeout=COMMAND_S)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while part := self._process.stdout.read1():  # type: ignore[attr-defined]
            self._heard += part


def rows(stage: Stage, table: str) -> list[Any]:
    """The rows of a table of the store, as whoever holds the file reads them."""
    with closing(sqlite3.connect(stage.data / "tips" / "tips.sqlite3")) as connection:
        return connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - our own name
