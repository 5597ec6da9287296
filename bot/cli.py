"""The command line: `binhan serve`, `ask`, `chat`, `ingest`, `eval`, `bench`, `doctor`, `reindex`."""

from __future__ import annotations

import logging
import os
import sys

# Before numpy loads: its threads only wait for each other on a question's few thousand vectors. And
# before LangChain loads: a trace would send questions to somebody else's server.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

import typer
from rich.console import Console

from bot.commands import asking, bench, doctor, evaluate, ingest, serving
from bot.commands.common import FAILED, error_text, plain_language
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError
from prompts.catalog import text as say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Bình An: grounded answers and sealed anonymous tips.",
)
app.command()(serving.serve)
app.command()(asking.ask)
app.command()(asking.chat)
app.command("eval")(evaluate.run_evaluation)
app.command()(serving.reindex)
app.command()(doctor.doctor)
app.add_typer(ingest.app, name="ingest")
app.add_typer(bench.bench, name="bench")


def main() -> None:
    """Run a command; an error is told in the user's language, never as a trace."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    language = plain_language()
    try:
        app()
    except (KnowledgeError, IngestError) as error:
        _tell(error_text(error.code, dict(error.fields), language))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last line: its text may quote a question or a token
        _tell(say("cli.unexpected", language, kind=type(error).__name__))


def _tell(message: str) -> None:
    Console(stderr=True).print(message, style="red", markup=False, highlight=False)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
