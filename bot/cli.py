"""The command line: `binhan serve`, `ask`, `chat`, `ingest`, `tip`, `desk`, `keys` and the rest."""

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

from bot.commands import (
    asking,
    audit,
    bench,
    desk,
    doctor,
    evaluate,
    gaps,
    guides,
    ingest,
    invites,
    keys,
    serving,
    sources,
    telegram,
    tip,
    tips,
)
from bot.commands.common import FAILED, error_text, plain_language
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError
from prompts.catalog import text as say
from tips.errors import TipError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Bình An: grounded answers and sealed anonymous tips.",
)
app.command()(serving.serve)
app.command()(asking.ask)
app.command()(asking.chat)
app.command()(serving.reindex)
app.command()(doctor.doctor)
app.add_typer(ingest.app, name="ingest")
app.add_typer(sources.app, name="sources")
app.add_typer(guides.app, name="guides")
app.add_typer(evaluate.app, name="eval")
app.add_typer(bench.bench, name="bench")
app.add_typer(tip.tip_app, name="tip")
app.add_typer(desk.app, name="desk")
app.add_typer(keys.app, name="keys")
app.add_typer(gaps.app, name="gaps")
app.add_typer(tips.app, name="tips")
app.add_typer(telegram.app, name="telegram")
app.add_typer(audit.app, name="audit")
app.add_typer(invites.invites_app, name="invites")
app.add_typer(invites.members_app, name="members")


def main() -> None:
    """Run a command; an error is told in the user's language, never as a trace."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    language = plain_language()
    try:
        app()
    except (KnowledgeError, IngestError, TipError) as error:
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
