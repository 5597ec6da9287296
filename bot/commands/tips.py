"""`binhan tips purge`: shred the tips whose time is over. The service does the same by itself every hour."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.common import open_desk
from bot.tips_room import open_store
from tips.errors import TipError
from tips.retention import Retention
from tips.times import utc_now

app = typer.Typer(no_args_is_help=True, help="Look after the tips.")


@app.callback()
def group() -> None:
    """Look after the tips."""


@app.command()
def purge(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count them")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Shred every tip whose retention is over and that nobody holds."""
    desk = open_desk()
    try:
        store = open_store(desk.settings)
        try:
            count = len(Retention(store, utc_now).purge(dry_run=dry_run))
        finally:
            store.close()
    except TipError as error:
        desk.fail_for(error)
    if json_output:
        desk.print_json({"dry_run": dry_run, "count": count})
    elif dry_run:
        desk.out.print(desk.say("tips.purge_would", count=count), markup=False, highlight=False)
    else:
        desk.out.print(desk.say("tips.purged", count=count), markup=False, highlight=False)
