"""`binhan eval`: measures answers against questions with known outcomes."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.commands.common import Desk, open_desk
from bot.messages import Question
from knowledge.evaluation import evaluate, read_rows

if TYPE_CHECKING:
    from knowledge.answer import Status
    from knowledge.model import Audience


def run_evaluation(
    file: Annotated[Path, typer.Argument(help="JSON Lines of question, expect, gold")],
    *,
    json_output: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Ask every question of FILE, as it is and without its diacritics, and count."""
    desk = open_desk()
    try:
        rows = read_rows(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        desk.fail("cli.file_not_found", file=file)
    with desk.workplace() as workplace, desk.progress(desk.say("cli.eval_progress")) as move:

        def ask(question: str, audience: Audience) -> Status:
            return workplace.ask(Question(text=question, audience=audience)).status

        def rank(question: str, audience: Audience) -> list[frozenset[str]]:
            return [passage.gold_ids for passage in workplace.rank(question, audience)]

        report = evaluate(rows, ask, rank, move)
    if json_output:
        desk.print_json(report)
    else:
        _print_report(desk, report)


def _print_report(desk: Desk, report: dict[str, Any]) -> None:
    table = Table(desk.say("cli.eval_figure"), desk.say("cli.eval_as_is"), desk.say("cli.eval_folded"))
    for name, value in report["as_is"].items():
        if name != "by_style":
            table.add_row(name, _figure(desk, value), _figure(desk, report["folded"][name]))
    desk.out.print(table)


def _figure(desk: Desk, value: float | None) -> str:
    if value is None:
        return desk.say("cli.eval_none")
    return str(value) if isinstance(value, int) else f"{value:.3f}"
