"""`binhan serve` and `binhan reindex`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.app import open_library, open_local
from bot.commands.common import FAILED, error_text, open_desk
from bot.serve import PortTaken, changed_guides, claim_port, publish_guides, run
from ingest.errors import IngestError
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
        workplace = open_local(settings)
        try:
            changed, gone = changed_guides(workplace, settings)
            if changed:
                first = not workplace.hashes("guide:")
                desk.err.print(
                    desk.say("cli.serving_first" if first else "cli.serving_changed", count=len(changed))
                )
            with desk.progress(desk.say("cli.serving_indexing")) as move:
                publish_guides(workplace, changed, gone, move)
            desk.err.print(
                desk.say("cli.serving_ready", url=f"http://{settings.host}:{settings.port}/"), style="bold"
            )
            desk.err.print(desk.say("cli.serving_stop"))
            run(settings, workplace, listener)
        except IngestError as error:
            desk.err.print(error_text(error.code, error.fields, desk.language), style="red", markup=False)
            raise typer.Exit(FAILED) from None
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
