"""`binhan keys new|rotate|export-public|check`."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.markup import escape

from bot.commands.common import FAILED, USAGE, Desk, open_desk
from bot.desk.keymaking import (
    KeyFolders,
    check_unit,
    has_keys,
    has_private_keys,
    make_unit_key,
    units_with_keys,
)
from bot.tips_room import open_book
from tips.errors import BadUnits, SealedDamaged, UnitWithoutKey, WrongPassphrase
from tips.keys import UNIT_ID, PublicKeys

if TYPE_CHECKING:
    from tips.keys import PublicKey

PASSPHRASE_VARIABLE = "BINHAN_DESK_PASSPHRASE"  # noqa: S105 - its name
SHORTEST_PASSPHRASE = 12  # characters; four words are longer
_PUBLIC_MODE = 0o644

app = typer.Typer(no_args_is_help=True, help="The keys that units open tips with.")

UnitName = Annotated[str, typer.Argument(help="the unit's id, as in units.toml")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


@app.command()
def new(unit: UnitName, *, json_output: AsJson = False) -> None:
    """Make a unit's first key pair; the private part is locked with a passphrase."""
    desk = open_desk()
    folders = KeyFolders.below(desk.settings.data)
    _check_name(desk, unit)
    if has_keys(unit, folders):
        _refuse(desk, "keys.has_keys", unit=unit)
    _make(desk, unit, _passphrase(desk, unit, is_new=True), folders, json_output=json_output)


@app.command()
def rotate(unit: UnitName, *, json_output: AsJson = False) -> None:
    """Make a unit's next key pair; what was sealed to the old ones stays readable."""
    desk = open_desk()
    folders = KeyFolders.below(desk.settings.data)
    _check_name(desk, unit)
    if not has_keys(unit, folders):
        _refuse(desk, "keys.no_keys", unit=unit)
    if not has_private_keys(unit, folders):
        _refuse(desk, "keys.no_private_here", unit=unit)
    _make(desk, unit, _passphrase(desk, unit), folders, json_output=json_output)
    desk.err.print(desk.say("keys.rotated"), style="yellow", markup=False, highlight=False)


@app.command("export-public")
def export_public(
    unit: UnitName,
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="folder to write UNIT/KEYID.json into, instead of printing it")
    ] = None,
) -> None:
    """Print a unit's current public key, to be carried to the public machine."""
    desk = open_desk()
    folders = KeyFolders.below(desk.settings.data)
    _check_name(desk, unit)
    try:
        key = PublicKeys(folders.public).current(unit)
    except UnitWithoutKey:
        _refuse(desk, "keys.no_keys", unit=unit)
    if to is None:
        desk.print_json(key.to_json())
        return
    source, target = folders.public_file(unit, key.key_id), to / unit / f"{key.key_id}.json"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        target.chmod(_PUBLIC_MODE)
    except OSError as error:
        desk.fail("keys.not_written", kind=type(error).__name__)
    desk.out.print(desk.say("keys.exported", file=target), markup=False, highlight=False)


@app.command()
def check(
    unit: Annotated[str, typer.Argument(help="the unit's id; every unit unless given")] = "",
    *,
    unlock: Annotated[bool, typer.Option("--unlock", help="try the passphrase on the private keys")] = False,
    json_output: AsJson = False,
) -> None:
    """See that units have sound keys, and that nobody else can read them; exit code 1 if not."""
    desk = open_desk()
    folders = KeyFolders.below(desk.settings.data)
    if unit:
        _check_name(desk, unit)
    units = [unit] if unit else sorted({*units_with_keys(folders), *_units_of_the_book(desk)})
    faults = [
        fault
        for name in units
        for fault in check_unit(name, folders, _passphrase(desk, name) if unlock else None)
    ]
    if json_output:
        desk.print_json({"units": units, "faults": [asdict(fault) for fault in faults]})
    else:
        for name in units:
            mine = [fault for fault in faults if fault.unit == name]
            if not mine:
                desk.out.print(f"[green]●[/] {escape(desk.say('keys.sound', unit=name))}")
            for fault in mine:
                told = desk.say(
                    f"keys.fault_{fault.fault}", unit=fault.unit, key_id=fault.key_id, mode=fault.mode
                )
                desk.out.print(f"[red]✗[/] {escape(told)}", highlight=False)
        if not units:
            desk.out.print(desk.say("keys.none"))
    if faults:
        raise typer.Exit(FAILED)


def _make(desk: Desk, unit: str, passphrase: str, folders: KeyFolders, *, json_output: bool) -> None:
    try:
        key = make_unit_key(unit, passphrase, folders, datetime.now().astimezone().date())
    except WrongPassphrase:
        _refuse(desk, "keys.wrong_passphrase", unit=unit)
    except SealedDamaged as error:
        desk.fail("keys.fault_bad_private", unit=unit, key_id=error.fields.get("key_id", ""))
    except OSError as error:
        desk.fail("keys.not_written", kind=type(error).__name__)
    _report(desk, key, folders, json_output=json_output)


def _report(desk: Desk, key: PublicKey, folders: KeyFolders, *, json_output: bool) -> None:
    private = str(folders.private_file(key.unit, key.key_id))
    public = str(folders.public_file(key.unit, key.key_id))
    if json_output:
        made = {"unit": key.unit, "key_id": key.key_id, "made": key.made.isoformat()}
        desk.print_json(made | {"public_file": public, "private_file": private})
        return
    lines = desk.say("keys.made", unit=key.unit, key_id=key.key_id, public=public, private=private)
    desk.out.print(lines, markup=False, highlight=False)
    if key.unit not in _units_of_the_book(desk):
        desk.err.print(desk.say("keys.not_in_book", unit=key.unit), markup=False, highlight=False)


def _passphrase(desk: Desk, unit: str, *, is_new: bool = False) -> str:
    """The passphrase of the environment, or as typed; a new one is typed twice."""
    given = os.environ.get(PASSPHRASE_VARIABLE, "")
    typed = given or typer.prompt(desk.say("keys.ask_passphrase", unit=unit), hide_input=True, err=True)
    if not is_new:
        return str(typed)
    if len(typed) < SHORTEST_PASSPHRASE:
        _refuse(desk, "keys.short_passphrase", least=SHORTEST_PASSPHRASE)
    if not given and typer.prompt(desk.say("keys.ask_again"), hide_input=True, err=True) != typed:
        _refuse(desk, "keys.passphrases_differ")
    return str(typed)


def _units_of_the_book(desk: Desk) -> list[str]:
    """The ids of the file of units; none where there is no sound one: `binhan doctor` is for that."""
    try:
        book = open_book(desk.settings)
    except BadUnits:
        return []
    return [unit.id for unit in book.units]


def _check_name(desk: Desk, unit: str) -> None:
    if not UNIT_ID.fullmatch(unit):
        _refuse(desk, "keys.bad_unit", unit=unit)


def _refuse(desk: Desk, key: str, **fields: object) -> NoReturn:
    """Say why not, and end with exit code 2: nothing was done."""
    desk.err.print(desk.say(key, **fields), style="red", markup=False, highlight=False)
    raise typer.Exit(USAGE)
