"""`binhan audit verify|head`: whether the log of what officers did is whole. Needs no key and no officer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.commands.common import FAILED, USAGE, open_desk
from bot.desk_room import DeskFolder, open_records
from tips.audit import head_of, verify_chain
from tips.errors import TipError

if TYPE_CHECKING:
    from bot.commands.common import Desk
    from tips.audit import AuditEntry

app = typer.Typer(no_args_is_help=True, help="The log of what officers did.")

_HEAD = re.compile(r"[0-9a-f]{64}")

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


@app.command()
def verify(
    *,
    head: Annotated[
        str | None, typer.Option("--head", help="the head noted elsewhere before: must be in it")
    ] = None,
    json_output: AsJson = False,
) -> None:
    """Look for entries changed, removed, inserted or reordered; exit code 1 if there are any."""
    desk = open_desk()
    noted = "" if head is None else "".join(head.split()).lower()
    if head is not None and not _HEAD.fullmatch(noted):
        _refuse(desk, "desk.audit_bad_head", count=len(noted))
    entries = _entries(desk)
    fault, last = verify_chain(entries, noted), head_of(entries)
    if json_output:
        broken = {"number": fault.number, "fault": fault.fault} if fault else None
        desk.print_json({"is_whole": fault is None, "entries": len(entries), "head": last, "broken": broken})
    elif fault is None:
        told = desk.say("desk.audit_whole", count=len(entries), head=last)
        desk.out.print(told, markup=False, highlight=False, soft_wrap=True)
    else:
        why = desk.say(f"desk.fault_{fault.fault}")
        told = desk.say("desk.audit_broken", number=fault.number, fault=why)
        desk.err.print(told, style="red", markup=False, highlight=False)
    if fault is not None:
        raise typer.Exit(FAILED)


@app.command()
def head(*, json_output: AsJson = False) -> None:
    """Print the log's head, to note on paper or send elsewhere: later it proves that nothing was cut off."""
    desk = open_desk()
    entries = _entries(desk)
    if json_output:
        desk.print_json({"entries": len(entries), "head": head_of(entries)})
    else:
        desk.out.print(head_of(entries), markup=False, highlight=False, soft_wrap=True)


def _entries(desk: Desk) -> list[AuditEntry]:
    file = DeskFolder(desk.settings.data).records
    if not desk.settings.desk_database_url.get_secret_value() and not file.exists():
        _refuse(desk, "desk.audit_no_records", folder=desk.settings.data.resolve())
    try:
        records = open_records(desk.settings)
        try:
            return records.audit_log()
        finally:
            records.close()
    except TipError as error:
        desk.fail_for(error)


def _refuse(desk: Desk, key: str, **fields: object) -> NoReturn:
    desk.err.print(desk.say(key, **fields), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(USAGE)
