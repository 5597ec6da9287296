"""The real program as a person starts it: `binhan …` in processes and data folders of their own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bot.small_guides import write_small_guides

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND_S = 240  # far more than a loaded machine needs; only a hang takes longer
START_S = 240
STOP_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`binhan` with one data folder, one guides folder and further settings."""

    data: Path
    guides: Path
    settings: dict[str, str] = field(default_factory=dict)

    def having(self, **settings: str) -> Program:
        """The same with further settings, named without their prefix."""
        return replace(self, settings=self.settings | settings)

    def on_a_copy(self, data: Path) -> Program:
        """The same on a copy of the data folder, at *data*."""
        shutil.copytree(self.data, data)
        return replace(self, data=data)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tester's own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BINHAN_")}
        ours = {"data": str(self.data), "guides": str(self.guides)} | self.settings
        named = {f"BINHAN_{name.upper()}": value for name, value in ours.items()}
        return kept | named | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "300", "TERM": "dumb"}

    def run(self, *arguments: str | bytes, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command to its end; no command may ever show a trace."""
        done = subprocess.run(
            [*_command(), *arguments],
            env=self.environment,
            cwd=self.data.parent,  # where no .env lies
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_S,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        """What a command with `--json` prints; it has to end with *code*."""
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def start(self, port: int) -> Service:
        """Start `binhan serve`; see `Service.wait`."""
        log = self.data.parent / f"{self.data.name}.{port}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*_command(), "serve", "--port", str(port)],
                env=self.environment,
                cwd=self.data.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        return Service(process=process, port=port, log=log)

    @contextlib.contextmanager
    def serving(self) -> Iterator[Service]:
        """A running `binhan serve` that answers, stopped at the end."""
        service = self.start(free_port())
        try:
            service.wait()
            yield service
        finally:
            service.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One `binhan serve`."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """All that it printed."""
        return self.log.read_text(encoding="utf-8")

    def wait(self) -> float:
        """Wait until it answers; gives the seconds that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < START_S:
            assert self.process.poll() is None, self.said
            with contextlib.suppress(OSError):
                status, _ = self.get("/healthz", timeout=5)
                if status == 200:
                    return time.monotonic() - begun
            time.sleep(0.05)
        raise AssertionError(self.said)

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=STOP_S)

    def end(self) -> None:
        """Stop it, whatever it does."""
        if self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def get(self, path: str, timeout: float = 60) -> tuple[int, str]:
        """The status and the text of a GET."""
        return _fetch(urllib.request.Request(self.url + path), timeout)

    def post(self, path: str, body: Any) -> tuple[int, str]:
        """The status and the text of a POST of *body* as JSON, or as it is if it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        return _fetch(request, 60)

    def ask(self, question: str, language: str = "vi", previous: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the page gets for *question*."""
        body = {"question": question, "language": language, "previous": list(previous)}
        status, text = self.post("/api/ask", body)
        assert status == 200, text
        answer: dict[str, Any] = json.loads(text)
        return answer


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def ripe_program(folder: Path) -> Program:
    """
    The program after its first start on the small guides, stopped: made once a session.

    *folder* is `ripe` in the session's temporary folder. Nobody writes there; take `on_a_copy`.
    """
    program = Program(data=folder / "data", guides=write_small_guides(folder / "guides"))
    with program.serving():
        pass
    return program


def _command() -> list[str]:
    return [sys.executable, "-m", "bot.cli"]


def _fetch(request: urllib.request.Request, timeout: float) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
