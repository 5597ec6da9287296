"""`binhan guides check`: what in the guides is wrong, old or hard to read. Needs no index and no service."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import FAILED, open_desk
from ingest.guide_check import check_guides, tell
from tips.times import VIETNAM

if TYPE_CHECKING:
    from bot.commands.common import Desk
    from ingest.guide_check import GuideReport

app = typer.Typer(no_args_is_help=True, help="The guides: what in them is wrong, old or hard to read.")

Folder = Annotated[
    Path | None, typer.Argument(help="a folder of guides; the configured one if none is named")
]
Today = Annotated[
    datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="measure ages on this day")
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


@app.callback()
def group() -> None:
    """Keep `check` a command of its own: a group of one would swallow its name."""


@app.command()
def check(folder: Folder = None, *, today: Today = None, json_output: AsJson = False) -> None:
    """Look at every section: sources, age, laws, numbers, links, reading; exit code 1 if one has an error."""
    desk = open_desk()
    day = (today or datetime.now(tz=VIETNAM)).date()
    place = folder or desk.settings.guides
    report = check_guides(place, today=day)
    if json_output:
        _print_json(desk, report)
    elif report.guides or report.findings:
        _print(desk, report)
    else:
        desk.err.print(desk.say("guides.none", folder=str(place)), markup=False, highlight=False)
    if report.errors or not report.guides:
        raise typer.Exit(FAILED)


def _print(desk: Desk, report: GuideReport) -> None:
    for finding in report.findings:
        style = "yellow" if finding.is_warning else "red"
        line = tell(finding, desk.language)
        desk.out.print(line, style=style, markup=False, highlight=False, soft_wrap=True)
    counts = {name: str(getattr(report, name)) for name in ("guides", "sections", "in_english", "unverified")}
    desk.out.print(desk.say("guides.summary", **counts), markup=False, highlight=False, soft_wrap=True)
    if report.findings:
        warnings = len(report.findings) - report.errors
        told = desk.say("guides.found", errors=str(report.errors), warnings=str(warnings))
    else:
        told = desk.say("guides.clean")
    desk.out.print(told, markup=False, highlight=False)


def _print_json(desk: Desk, report: GuideReport) -> None:
    findings = [
        asdict(finding) | {"file": finding.file, "told": tell(finding, desk.language)}
        for finding in report.findings
    ]
    desk.print_json(asdict(report) | {"errors": report.errors, "findings": findings})
