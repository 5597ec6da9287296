"""`binhan desk …`: an officer at a terminal. The same functions as the web desk's, one command each."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import desk_files
from bot.commands.desk_faces import card_table, tip_lines
from bot.commands.desk_seat import AsJson, OfficerId, Reference, UnitId, act, at_desk, plain
from bot.desk.views import CardQuery
from tips.states import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.commands.desk_seat import AtDesk

app = typer.Typer(no_args_is_help=True, help="Work on tips, as an officer of a unit.")
app.command()(desk_files.export)
app.command("open-archive")(desk_files.open_archive)
app.command("request-original")(desk_files.request_original)
app.command("approve-original")(desk_files.approve_original)
app.command()(desk_files.link)
app.command("unlock-check")(desk_files.unlock_check)

Words = Annotated[str, typer.Option("--text", help="what to say; - reads it from the input")]


@app.command("list")
def list_cards(  # noqa: PLR0913 - one option for each thing to filter by
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    state: Annotated[State | None, typer.Option("--state")] = None,
    kind: Annotated[str, typer.Option("--kind")] = "",
    area: Annotated[str, typer.Option("--area", help="code of the commune or ward")] = "",
    label: Annotated[str, typer.Option("--label")] = "",
    urgent: Annotated[bool | None, typer.Option("--urgent/--not-urgent")] = None,
    late: Annotated[bool | None, typer.Option("--late/--not-late")] = None,
    closed: Annotated[bool | None, typer.Option("--closed/--open")] = None,
    json_output: AsJson = False,
) -> None:
    """List the cards of the own unit."""
    query = CardQuery(state=state, kind=kind, area=area, label=label, urgent=urgent, late=late, closed=closed)
    with at_desk(officer, unit, as_json=json_output) as at:
        cards = at.desk.cards(at.seat, query)
        if json_output:
            at.command.print_json(plain(cards))
        else:
            at.command.out.print(card_table(cards, at.words) if cards else at.command.say("desk.list_empty"))
        if unopened := at.desk.unopened(at.seat):
            told = at.words.count("unopened", unopened)
            at.command.err.print(told, style="yellow", markup=False, highlight=False)


@app.command()
def show(
    reference: Reference, officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False
) -> None:
    """Show one card, without opening the tip, and what may be done with it."""
    with at_desk(officer, unit, as_json=json_output) as at:
        tip_id = at.desk.find(at.seat, reference)
        card, allowed = at.desk.card(at.seat, tip_id), sorted(at.desk.allowed(at.seat, tip_id))
        if json_output:
            at.command.print_json(plain(card) | {"allowed": [str(action) for action in allowed]})
        else:
            at.command.out.print(card_table([card], at.words))


@app.command("open")
def open_tip(
    reference: Reference,
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    save: Annotated[Path | None, typer.Option("--save", help="folder to write the files into")] = None,
    json_output: AsJson = False,
) -> None:
    """Open a tip: what was told, what was said to and fro, notes and history."""
    with at_desk(officer, unit, as_json=json_output) as at:
        tip_id = at.desk.find(at.seat, reference)
        tip = at.desk.open(at.seat, tip_id)
        at.show(tip, tip_lines(tip, at.words), as_json=json_output)
        files = [*tip.files, *(file for item in tip.thread for file in item.files)]
        if save is not None:
            for file in files:
                content = at.desk.file(at.seat, tip_id, file.seq, file.index).content
                at.write(save / f"{file.seq}-{file.name}", content)
            at.command.err.print(at.command.say("desk.saved", count=len(files), folder=save), markup=False)


def _saying(name: str, told: str, do: Callable[[AtDesk, str, str], object]) -> None:
    """The command *name*, which says something to the tipster or beside a tip."""

    @app.command(name, help=told)
    def say(
        reference: Reference,
        text: Words,
        officer: OfficerId = "",
        unit: UnitId = "",
        *,
        json_output: AsJson = False,
    ) -> None:
        act(reference, officer, unit, json_output, lambda at, tip: do(at, tip, _words(text)))


_saying("ask", "Ask the tipster a question.", lambda at, tip, said: at.desk.ask(at.seat, tip, said))
_saying("reply", "Tell the tipster something.", lambda at, tip, said: at.desk.reply(at.seat, tip, said))
_saying(
    "note",
    "Add an internal note; the tipster never sees it.",
    lambda at, tip, said: at.desk.note(at.seat, tip, said),
)


@app.command()
def claim(
    reference: Reference, officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False
) -> None:
    """Take a tip that nobody has."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.claim(at.seat, tip))


@app.command()
def assign(
    reference: Reference,
    to: Annotated[str, typer.Option("--to", help="an officer's id; empty for nobody")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Give a tip to an officer of the unit. Supervisors only."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.assign(at.seat, tip, to))


@app.command()
def label(
    reference: Reference,
    labels: Annotated[
        list[str] | None, typer.Argument(help="all labels it shall have; none clears them")
    ] = None,
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Replace the labels of a tip."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.label(at.seat, tip, labels or []))


@app.command()
def move(
    reference: Reference,
    state: Annotated[State, typer.Argument(help="verifying")] = State.VERIFYING,
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Begin to verify, or take up a closed tip again."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.move(at.seat, tip, state))


@app.command()
def mark(
    reference: Reference,
    step: Annotated[str, typer.Argument(help="passed_on, procuracy_told, complex or extended")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Note a step of the procedure; the deadlines follow."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.mark(at.seat, tip, step))


@app.command()
def close(  # noqa: PLR0913 - one option for each thing to say
    reference: Reference,
    outcome: Annotated[Outcome, typer.Option("--outcome")],
    text: Annotated[str, typer.Option("--text", help="a sentence for the tipster")] = "",
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Close a tip; the tipster reads outcome and sentence."""
    act(
        reference,
        officer,
        unit,
        json_output,
        lambda at, tip: at.desk.close(at.seat, tip, outcome, _words(text)),
    )


@app.command()
def merge(
    reference: Reference,
    into: Annotated[str, typer.Option("--into", help="the tip that stays")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Close a tip as a duplicate of another."""
    act(
        reference,
        officer,
        unit,
        json_output,
        lambda at, tip: at.desk.merge(at.seat, tip, at.desk.find(at.seat, into)),
    )


@app.command()
def hold(
    reference: Reference,
    reason: Annotated[str, typer.Option("--reason")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Keep a tip beyond its retention."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.hold(at.seat, tip, reason))


@app.command()
def release(
    reference: Reference, officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False
) -> None:
    """Let retention run again. Supervisors only."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.release(at.seat, tip))


@app.command()
def transfer(  # noqa: PLR0913 - as above
    reference: Reference,
    to: Annotated[str, typer.Option("--to", help="id of the unit")],
    reason: Annotated[str, typer.Option("--reason", help="for the history, not for the tipster")],
    officer: OfficerId = "",
    unit: UnitId = "",
    *,
    json_output: AsJson = False,
) -> None:
    """Give a tip to another unit; here only the line that says so stays."""
    act(reference, officer, unit, json_output, lambda at, tip: at.desk.transfer(at.seat, tip, to, reason))


@app.command()
def recuse(
    reference: Reference, officer: OfficerId = "", unit: UnitId = "", *, json_output: AsJson = False
) -> None:
    """Step back from a tip: this officer sees it no more."""
    with at_desk(officer, unit, as_json=json_output) as at:
        tip_id = at.desk.find(at.seat, reference)
        shown = at.desk.card(at.seat, tip_id)
        at.desk.recuse(at.seat, tip_id)
        told = at.command.say(
            "desk.done", reference=shown.reference, state=at.words.say(f"state_{shown.state}")
        )
        at.show({"tip_id": tip_id, "reference": shown.reference, "done": True}, [told], as_json=json_output)


def _words(text: str) -> str:
    return typer.get_text_stream("stdin").read() if text == "-" else text
