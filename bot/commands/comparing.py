"""`binhan eval compare BEFORE AFTER`: which questions changed, and whether it is more than chance."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from bot.commands.common import Desk, open_desk
from bot.commands.evaluate_models import print_models
from knowledge.comparing import check_report, compare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.comparing import Change, Comparison

_SHOWN = 40  # changed questions printed; all of them stand in the JSON


def run_comparison(
    before: Annotated[Path, typer.Argument(help="what `binhan eval --json` printed first")],
    after: Annotated[Path, typer.Argument(help="what it printed later")],
    *,
    json_output: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Compare two measurements of the same questions, question by question."""
    desk = open_desk()
    reports = (_read(desk, before), _read(desk, after))
    found = compare(*reports)
    if json_output:
        figures = [asdict(figure) | {"judgement": figure.judgement} for figure in found.figures]
        desk.print_json(asdict(found) | {"figures": figures})
    else:
        _print_comparison(desk, found)
        models = [report["model"] for report in reports if "model" in report]
        if len(models) == len(reports):
            print_models(desk, models)


def _read(desk: Desk, file: Path) -> Mapping[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        desk.fail("cli.file_not_found", file=file)
    try:
        report = json.loads(text)
    except ValueError:
        report = None
    return check_report(report, str(file))


def _print_comparison(desk: Desk, found: Comparison) -> None:
    counts = {"paired": found.paired, "first": found.only_first, "second": found.only_second}
    desk.out.print(desk.say("cli.compare_paired", **counts), markup=False, highlight=False)
    heads = ("what", "before", "after", "gained", "lost", "probability", "judgement")
    table = Table(*(desk.say(f"cli.compare_{head}") for head in heads))
    for figure in found.figures:
        table.add_row(
            f"{desk.say(f'cli.compare_{figure.measure}')}, {desk.say(f'cli.eval_{figure.spelling}').lower()}",
            f"{figure.first}/{figure.total}",
            f"{figure.second}/{figure.total}",
            f"+{figure.gained}",
            f"−{figure.lost}",
            f"{figure.probability:.3f}",
            desk.say(f"cli.compare_{figure.judgement}"),
        )
    desk.out.print(table)
    desk.out.print(desk.say("cli.compare_note"), markup=False, highlight=False)
    for change in found.changes[:_SHOWN]:
        desk.out.print(_line(desk, change), markup=False, highlight=False, soft_wrap=True)
    if len(found.changes) > _SHOWN:
        desk.out.print(desk.say("cli.compare_more", count=len(found.changes) - _SHOWN), markup=False)


def _line(desk: Desk, change: Change) -> str:
    mark = {"better": "+", "worse": "−"}.get(change.went, "·")
    before, after = (
        f"{desk.say(f'evalreport.verdict_{verdict}')}{f' ({said})' if said else ''}"
        for verdict, said in ((change.before, change.said_before), (change.after, change.said_after))
    )
    return f"{mark} [{desk.say(f'cli.eval_{change.spelling}')}] {change.question}\n    {before} → {after}"
