"""The command line: `binhan serve`, `ask`, `chat`, `ingest`, `tip`, `desk`, `keys` and the rest."""
# ruff: noqa: E402 - Ctrl-C is made quiet before anything is loaded that takes a moment

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended
# Ctrl-C while the rest loads, which takes a moment: as quiet as later, when `main` catches it.
_is_loading = (
    threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
)
if _is_loading:
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))

# Before numpy loads: its threads only wait for each other on a question's few thousand vectors. And
# before LangChain loads: a trace would send questions to somebody else's server.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

import typer
from rich.console import Console
from typer.core import TyperGroup
from typer.main import get_command, get_group

from bot.commands.common import FAILED, closed_text, error_text, plain_language
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError
from prompts.catalog import text as say
from tips.errors import TipError

if _is_loading:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if TYPE_CHECKING:
    from typer._click import Command, Context  # what its groups are made of since it keeps its own click

# Where each command stands, in the order of the help: a module of bot.commands, and what to take of it.
_COMMANDS: Final = {
    "serve": ("serving", "serve"),
    "ask": ("asking", "ask"),
    "chat": ("asking", "chat"),
    "reindex": ("serving", "reindex"),
    "doctor": ("doctor", "doctor"),
    "ingest": ("ingest", "app"),
    "sources": ("sources", "app"),
    "guides": ("guides", "app"),
    "eval": ("evaluate", "app"),
    "bench": ("bench", "bench"),
    "tip": ("tip", "tip_app"),
    "desk": ("desk", "app"),
    "keys": ("keys", "app"),
    "gaps": ("gaps", "app"),
    "tips": ("tips", "app"),
    "telegram": ("telegram", "app"),
    "audit": ("audit", "app"),
    "invites": ("invites", "invites_app"),
    "members": ("invites", "members_app"),
}


class _OnDemand(TyperGroup):
    """Loads a command when it is called for: whoever asks a question waits for no bot and no desk."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Every command, in the order of the help."""
        return list(_COMMANDS)

    def invoke(self, ctx: Context) -> Any:
        """Run the command; who leaves at a question, such as a passphrase, is told so in their language."""
        try:
            return super().invoke(ctx)
        except typer.Abort as left:
            Console(stderr=True).print(f"\n{say('cli.stopped', plain_language())}", highlight=False)
            is_end = isinstance(left.__context__, EOFError)
            raise typer.Exit(FAILED if is_end else INTERRUPTED) from None

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002 - click's
        """The command called *cmd_name*, None if there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        found = getattr(import_module(f"bot.commands.{module}"), name)
        if isinstance(found, typer.Typer):
            command: Command = get_group(found)
        else:
            single = typer.Typer(add_completion=False)
            single.command()(found)
            command = get_command(single)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_OnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Bình An: grounded answers and sealed anonymous tips.",
)


@app.callback()
def _group() -> None:
    pass


def main() -> None:
    """Run a command; an error is told in the user's language, never as a trace."""
    language = plain_language()
    try:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        app()
    except (KnowledgeError, IngestError, TipError) as error:
        _tell(error_text(error.code, dict(error.fields), language))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        _tell(closed_text(error, language) or say("cli.unexpected", language, kind=type(error).__name__))
    except Exception as error:  # noqa: BLE001 - the last line: its text may quote a question or a token
        _tell(say("cli.unexpected", language, kind=type(error).__name__))


def _tell(message: str) -> None:
    Console(stderr=True).print(message, style="red", markup=False, highlight=False)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
