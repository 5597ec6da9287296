"""`binhan serve` and `binhan reindex`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.app import open_library, open_local
from bot.commands.common import open_desk
from bot.serve import PortTaken, claim_port, run
from knowledge.errors import IndexLocked


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="port to listen on")] = None,
) -> None:
    """Run the web chat; the starter guides are indexed first where they are new."""
    desk = open_desk()
    settings = desk.settings.model_copy(
        update={"host": host or desk.settings.host, "port": port or desk.settings.port}
    )
    try:
        listener = claim_port(settings.host, settings.port)
    except PortTaken:
        desk.fail("cli.serving_port_taken", port=settings.port)
    with listener:
        with desk.opening() as move:
            workplace = open_local(settings, move)
        try:
            url = f"http://{settings.host}:{settings.port}/"
            desk.err.print(desk.say("cli.serving_ready", url=url), style="bold")
            desk.err.print(desk.say("cli.serving_stop"))
            run(settings, workplace, listener)
        finally:
            workplace.close()


def reindex() -> None:
    """Build the indexes anew from the record, with the embedder the settings name."""
    desk = open_desk()
    try:
        library = open_library(desk.settings)
    except IndexLocked:
        desk.fail("cli.reindex_busy")
    with library:
        with desk.progress(desk.say("cli.serving_indexing")) as move:
            library.reindex(move)
        count = sum(len(index) for index in library.lexical.values())
        desk.out.print(desk.say("cli.reindex_done", count=count))
