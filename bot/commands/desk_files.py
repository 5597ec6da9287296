"""`binhan desk export|open-archive|request-original|approve-original|link|unlock-check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import FAILED
from bot.commands.desk_seat import AsJson, OfficerId, Reference, UnitId, act, at_desk
from bot.desk.views import DeskSettings
from bot.operator.client import desk_address
from knowledge.folder import DataFolder

Into = Annotated[Path, typer.Option("--save", help="folder to write the files into")]


def export(  # noqa: PLR0913 - one option for each thing to say
    reference: Reference,
    to: Annotated[str, typer.Option("--to", help="unit that can open it")],
    file: Annotated[Path, typer.Option("--file", help="where to write it")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Write one tip as an archive that only one unit can open. Supervisors only."""
    with at_desk(officer, unit, as_json=json_output) as at:
        sealed = at.desk.export(at.seat, at.desk.find(at.seat, reference), to)
        at.write(file, sealed)
        told = at.command.say("desk.exported", unit=at.words.unit(to), file=file)
        at.show({"file": str(file), "bytes": len(sealed), "unit": to}, [told], as_json=json_output)


def open_archive(
    file: Annotated[Path, typer.Argument(help="a sealed archive")],
    save: Into,
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Open an archive that was sealed to the own unit."""
    with at_desk(officer, unit, as_json=json_output) as at:
        archive = at.desk.open_archive(at.seat.unit, at.read(file))
        for name, content in archive.files.items():
            at.write(save / archive.reference / name, content)
        told = at.command.say("desk.saved", count=len(archive.files), folder=save / archive.reference)
        value = {"reference": archive.reference, "files": sorted(archive.files)}
        at.show(value, [told], as_json=json_output)


def request_original(
    reference: Reference, officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False
) -> None:
    """Ask for the uncleaned files of a tip; a supervisor must approve."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.request_original(at.seat, tip))


def approve_original(
    reference: Reference,
    save: Into,
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Approve what another officer asked for, and write the original files, once. Supervisors only."""
    with at_desk(officer, unit, as_json=json_output) as at:
        files = at.desk.approve_original(at.seat, at.desk.find(at.seat, reference))
        for number, file in enumerate(files, start=1):
            at.write(save / f"{number}-{file.name}", file.content)
        told = at.command.say("desk.saved", count=len(files), folder=save)
        at.show({"files": len(files)}, [told], as_json=json_output)


def link(officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False) -> None:
    """Make a one-time link to the web desk for an officer."""
    with at_desk(officer, unit, as_json=json_output, with_key=False) as at:
        settings = at.command.settings
        token = at.desk.invite(at.seat.unit, at.seat.officer.id)
        running = desk_address(DataFolder(settings.data).socket)
        url = f"{running or f'http://{settings.host}:{settings.port}'}/desk/vao/{token}"
        minutes = DeskSettings().invite_minutes
        told = at.command.say("desk.link", officer=at.seat.officer.name, minutes=minutes, url=url)
        value = {"url": url, "path": f"/desk/vao/{token}", "minutes": minutes}
        at.show(value, [told], as_json=json_output)


def unlock_check(officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False) -> None:
    """Whether the passphrase opens the unit's key."""
    with at_desk(officer, unit, as_json=json_output) as at:
        if not at.desk.is_unlocked(at.seat.unit):  # not reached: a wrong passphrase is told before
            raise typer.Exit(FAILED)
        told = at.command.say("desk.unlocked", unit=at.words.unit(at.seat.unit))
        at.show({"unit": at.seat.unit, "is_unlocked": True}, [told], as_json=json_output)
