"""An officer at the terminal: who acts, the unit's key, and refusals told in words."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.commands.common import USAGE
from bot.commands.common import open_desk as open_command
from bot.desk.web.words import Words, vietnam_day
from bot.desk_room import DeskFolder, open_desk_room
from tips.errors import ActionRefused, TipError, UnitWithoutKey, WrongKey, WrongPassphrase
from tips.times import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.commands.common import Desk as Command
    from bot.desk.desk import Desk
    from bot.desk.views import Seat
    from bot.desk_room import DeskRoom
    from bot.settings import Settings
    from tips.units import UnitBook

REFUSED = USAGE
PASSPHRASE_VARIABLE = "BINHAN_DESK_PASSPHRASE"  # noqa: S105 - its name
_REFUSALS = (UnitWithoutKey, WrongPassphrase, WrongKey)

OfficerId = Annotated[
    str, typer.Option("--officer", envvar="BINHAN_OFFICER", help="id of the officer who acts")
]
UnitId = Annotated[
    str, typer.Option("--unit", envvar="BINHAN_UNIT", help="their unit; found by itself if they have one")
]
Reference = Annotated[str, typer.Argument(help="BA-7F3K-2M9Q, or the tip's id")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDesk:
    """The desk, and who sits at it."""

    command: Command
    desk: Desk
    book: UnitBook
    seat: Seat
    words: Words

    def show(self, value: object, lines: list[str], *, as_json: bool) -> None:
        """Print *value* as JSON, or *lines*."""
        if as_json:
            self.command.print_json(plain(value))
        else:
            for line in lines:
                self.command.out.print(line, markup=False, highlight=False, soft_wrap=True)

    def write(self, file: Path, content: bytes) -> None:
        """Write a file that only our own user may read; exit code 1 if it cannot be."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(content)
        except OSError as error:
            self.command.fail("desk.not_written", kind=type(error).__name__)

    def read(self, file: Path) -> bytes:
        """The bytes of a file; exit code 1 if it cannot be read."""
        try:
            return file.read_bytes()
        except OSError:
            self.command.fail("desk.not_read", file=file)


@contextmanager
def at_desk(officer: str, unit: str, *, as_json: bool, with_key: bool = True) -> Iterator[AtDesk]:
    """
    Sit down at the desk as that officer, for one command.

    Args:
        officer: Their id.
        unit: Their unit's id; "" where they are in one only.
        as_json: Tell a refusal as JSON too.
        with_key: Unlock the unit: by `BINHAN_DESK_PASSPHRASE`, the development passphrase, or as typed.

    Raises:
        typer.Exit: 2 and a reason when refused; 1 when something is out of order.
    """
    command = open_command()
    try:
        with _open(command.settings) as room:
            book, desk = room.book, room.desk
            seat = _seat(command, desk, book, officer, unit)
            if with_key:
                desk.unlock(seat.unit, _passphrase(command, seat.unit, book))
            words = Words(
                language=command.language, name=command.settings.name, book=book, today=vietnam_day(utc_now())
            )
            yield AtDesk(command=command, desk=desk, book=book, seat=seat, words=words)
    except ActionRefused as refused:
        _refuse(
            command, f"desk.refused_{refused.fields['reason']}", refused.fields["reason"], as_json=as_json
        )
    except _REFUSALS as refused:
        _refuse(command, f"tips.{refused.code}", refused.code, as_json=as_json, **refused.fields)
    except TipError as error:
        command.fail_for(error)


def act(reference: str, officer: str, unit: str, as_json: bool, act: Callable[[AtDesk, str], object]) -> None:
    """Do one thing with one tip and say how it stands."""
    with at_desk(officer, unit, as_json=as_json) as at:
        tip_id = at.desk.find(at.seat, reference)
        act(at, tip_id)
        card = at.desk.card(at.seat, tip_id)
        told = at.command.say(
            "desk.done", reference=card.reference, state=at.words.say(f"state_{card.state}")
        )
        value = {"tip_id": tip_id, "reference": card.reference, "state": card.state, "done": True}
        at.show(value, [told], as_json=as_json)


def plain(value: object) -> Any:
    """*value* as JSON can hold it: dataclasses as objects, days and moments as ISO text."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return plain(asdict(value))  # type: ignore[call-overload]  # it has fields, so it is one
    return str(value) if isinstance(value, str) else value


@contextmanager
def _open(settings: Settings) -> Iterator[DeskRoom]:
    room = open_desk_room(settings, unlocks=False)
    try:
        yield room
    finally:
        room.close()


def _seat(command: Command, desk: Desk, book: UnitBook, officer: str, unit: str) -> Seat:
    if not unit:
        theirs = [item.id for item in book.units if any(one.id == officer for one in item.officers)]
        unit = theirs[0] if len(theirs) == 1 else ""
    if not officer or not unit:
        command.err.print(command.say("desk.need_seat"), style="red", markup=False, highlight=False)
        raise typer.Exit(REFUSED)
    return desk.seat_at_terminal(unit, officer)


def _passphrase(command: Command, unit: str, book: UnitBook) -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE) or command.settings.desk_passphrase.get_secret_value()
    development = DeskFolder(command.settings.data).development_passphrase
    if not given and book.unit(unit).is_development and development.exists():
        given = development.read_text(encoding="utf-8").strip()
    return given or str(
        typer.prompt(command.say("desk.ask_passphrase", unit=unit), hide_input=True, err=True)
    )


def _refuse(command: Command, key: str, reason: str, *, as_json: bool, **fields: str) -> NoReturn:
    if as_json:
        command.print_json({"refused": reason})
    command.err.print(command.say(key, **fields), style="red", markup=False, highlight=False)
    raise typer.Exit(REFUSED)
