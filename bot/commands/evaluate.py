"""
`binhan eval FILE` measures answers against questions with known outcomes; `--model` models and prompts.

`binhan eval compare BEFORE.json AFTER.json` lays two measurements side by side.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from bot.commands.common import Desk, open_desk
from bot.commands.comparing import run_comparison
from bot.commands.evaluate_models import print_models, run_models
from bot.messages import Question
from bot.reports.evaluation import Made, evaluation_html
from knowledge.errors import DocumentNotFound
from knowledge.evaluation import evaluate, read_rows
from knowledge.model import Audience
from tips.times import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.workplace import Workplace
    from knowledge.answer import Answer
    from knowledge.evaluation import Row

_RUN = "run"


class _FileOrCommand(TyperGroup):
    """Takes `eval FILE` for `eval run FILE`: the file was all there was before there were commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in where a file stands in its place, or an option of it."""
        if args and args[0] not in {*self.commands, *self.get_help_option_names(ctx)}:
            args = [_RUN, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_FileOrCommand,
    no_args_is_help=True,
    help="Measure answers: `eval run FILE`, or short `eval FILE`. Its options: `eval run --help`.",
)
app.command("compare")(run_comparison)


@app.command(_RUN)
def run_evaluation(
    file: Annotated[Path, typer.Argument(help="JSON Lines of question, expect, gold")],
    *,
    json_output: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", help="write an HTML report here")] = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--model", help="NAME, NAME@PROMPT or @PROMPT that answers; may be repeated; - for none"
        ),
    ] = None,
) -> None:
    """Ask every question of FILE, as it is and without its diacritics, and count."""
    desk = open_desk()
    try:
        rows = read_rows(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        desk.fail("cli.file_not_found", file=file)
    if report_file is not None:
        if models and len(models) > 1:
            desk.fail("cli.model_one_report")
        _write(desk, report_file, "")  # asking takes minutes: find out now
    reports = run_models(desk, rows, models) if models else []
    with desk.workplace() as workplace:
        report = reports[0] if reports else _ask_all(desk, workplace, rows)
        headings = _headings(workplace, rows)
    if report_file is not None:
        made = Made(report=report, file=file.name, day=datetime.now(VIETNAM).date(), headings=headings)
        _write(desk, report_file, evaluation_html(made, desk.language))
        desk.err.print(desk.say("cli.eval_written", file=report_file), markup=False, highlight=False)
    if len(reports) > 1:
        _print_models(desk, reports, json_output=json_output)
        return
    if json_output:
        desk.print_json(report)
    else:
        _print_report(desk, report)
        if "model" in report:
            print_models(desk, [report["model"]])


def _print_models(desk: Desk, reports: Sequence[dict[str, Any]], *, json_output: bool) -> None:
    if json_output:
        desk.print_json({"models": reports})
    else:
        print_models(desk, [report["model"] for report in reports])


def _ask_all(desk: Desk, workplace: Workplace, rows: Sequence[Row]) -> dict[str, Any]:
    def ask(question: str, audience: Audience) -> Answer:
        return workplace.ask(Question(text=question, audience=audience))

    def rank(question: str, audience: Audience) -> list[frozenset[str]]:
        return [passage.gold_ids for passage in workplace.rank(question, audience)]

    with desk.progress(desk.say("cli.eval_progress")) as move:
        return evaluate(rows, ask, rank, move)


def _headings(workplace: Workplace, rows: Sequence[Row]) -> dict[str, str]:
    """What the sections that *rows* expect are called; those for members and officers are not named."""
    found: dict[str, str] = {}
    for key in {name.partition("#")[0] for row in rows for name in row.gold if "#" in name}:
        try:
            passages = workplace.document_passages(key)
        except DocumentNotFound:
            continue
        found |= {item.name: item.heading for item in passages if item.meta.audience is Audience.PUBLIC}
    return found


def _write(desk: Desk, file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError:
        desk.fail("cli.cannot_write", file=file)


def _print_report(desk: Desk, report: dict[str, Any]) -> None:
    table = Table(desk.say("cli.eval_figure"), desk.say("cli.eval_as_is"), desk.say("cli.eval_folded"))
    for name in (name for name in report["as_is"] if name != "by_style"):
        table.add_row(name, *(_figure(desk, report, spelling, name) for spelling in ("as_is", "folded")))
    desk.out.print(table)


def _figure(desk: Desk, report: dict[str, Any], spelling: str, name: str) -> str:
    """A figure, and the 95 % interval of a share."""
    value = report[spelling][name]
    if value is None:
        return desk.say("cli.eval_none")
    if isinstance(value, int):
        return str(value)
    interval = report["details"][spelling]["intervals"].get(name)
    return f"{value:.3f}" + (f"  ({interval[0]:.3f}–{interval[1]:.3f})" if interval else "")
