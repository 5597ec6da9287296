"""`binhan ingest history|diff|withdraw|restore|rollback|original`: what became of a document."""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.commands import version_rows
from bot.commands.common import Desk, open_desk
from bot.commands.trusting import By  # noqa: TC001 - typer reads the annotations
from bot.papers import Papers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.workplace import Workplace
    from knowledge.history import Withdrawal
    from knowledge.model import Original
    from knowledge.version_diff import PassageChange, VersionDiff

Key = Annotated[str, typer.Argument(help="as `ingest list` shows it")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
_STYLES = {"added": "green", "removed": "red strike", "same": ""}


def history(key: Key, *, json_output: AsJson = False) -> None:
    """Show the kept versions of a document, and who did what with it and when."""
    desk = open_desk()
    with desk.workplace() as workplace:
        found = workplace.history(key)
    if json_output:
        desk.print_json(version_rows.history_row(desk, found))
        return
    headings = ("ingest_version", "ingest_when", "ingest_who", "ingest_passages", "ingest_file")
    table = Table(*(desk.say(f"cli.{name}") for name in headings))
    for item in found.versions:
        name = str(item.edition)
        if item.is_current:
            name = f"{name} ({desk.say('cli.ingest_current')})"
        elif found.withdrawn and item.edition == found.withdrawn.edition:
            name = f"{name} ({desk.say('cli.ingest_was_current')})"
        cells = (
            name,
            version_rows.when(item.published_at),
            version_rows.who(desk, item.published_by),
            str(item.passages),
        )
        table.add_row(*(escape(cell) for cell in cells), escape(item.original.name if item.original else ""))
    desk.out.print(table)
    for act in found.acts:
        desk.out.print(version_rows.deed(desk, act), markup=False, highlight=False)
    if found.withdrawn:
        told = desk.say("cli.ingest_is_withdrawn", **version_rows.fields(desk, found.withdrawn))
        desk.out.print(told, markup=False, highlight=False)


def diff(
    key: Key,
    older: Annotated[int | None, typer.Argument(help="a version; the one before NEWER unless given")] = None,
    newer: Annotated[int | None, typer.Argument(help="a version; the newest unless given")] = None,
    *,
    json_output: AsJson = False,
) -> None:
    """Show what changed between two versions, passage by passage, word by word."""
    desk = open_desk()
    with desk.workplace() as workplace:
        kept = [item.edition for item in workplace.history(key).versions]
        after = newer if newer is not None else kept[0]
        before = older if older is not None else next((one for one in kept if one < after), None)
        if before is None:
            desk.fail("cli.ingest_one_version", document=key)
        found = Papers(workplace, desk.settings.data).diff(key, before, after)
    if json_output:
        desk.print_json(version_rows.diff_row(key, before, after, found))
    else:
        _print_diff(desk, found)


def withdraw(key: Key, *, by: By = "") -> None:
    """Take a document back: it answers nothing until it is restored, and its history is kept."""
    desk = open_desk()
    with desk.workplace() as workplace:
        papers = Papers(workplace, desk.settings.data)
        copies = papers.withdraw(key, by or getpass.getuser())
        papers.finish()
    desk.out.print(desk.say("cli.ingest_withdrawn", document=key), markup=False, highlight=False)
    for other in copies:
        desk.out.print(desk.say("cli.ingest_copy_answers", document=other), markup=False, highlight=False)


def restore(key: Key, *, by: By = "") -> None:
    """Let a withdrawn document answer again as it did."""
    desk = open_desk()
    with desk.workplace() as workplace:
        papers = Papers(workplace, desk.settings.data)
        edition = papers.restore(key, by or getpass.getuser())
        papers.finish()
    desk.out.print(
        desk.say("cli.ingest_restored", document=key, edition=edition), markup=False, highlight=False
    )


def rollback(
    key: Key,
    version: Annotated[int, typer.Argument(help="a version, as `ingest history` counts them")],
    *,
    by: By = "",
) -> None:
    """Let an earlier version answer, whether the document is withdrawn or not."""
    desk = open_desk()
    with desk.workplace() as workplace:
        papers = Papers(workplace, desk.settings.data)
        papers.roll_back(key, version, by or getpass.getuser())
        papers.finish()
    desk.out.print(
        desk.say("cli.ingest_restored", document=key, edition=version), markup=False, highlight=False
    )


def original(
    key: Key,
    version: Annotated[int | None, typer.Argument(help="a version; what answers unless given")] = None,
    *,
    out: Annotated[Path | None, typer.Option(help="where to write it; - for standard output")] = None,
) -> None:
    """Write the file a document was read from: here and under its own name, unless told otherwise."""
    desk = open_desk()
    with desk.workplace() as workplace:
        found = Papers(workplace, desk.settings.data).original(key, version)
        if found is None:
            desk.fail("cli.ingest_no_original", document=key)
        what, file = found
        if out == Path("-"):
            with file.open("rb") as source:
                shutil.copyfileobj(source, sys.stdout.buffer)
            return
        _write_out(desk, what, file, out or Path(what.name))


def _write_out(desk: Desk, what: Original, file: Path, target: Path) -> None:
    if target.is_dir():
        target /= what.name
    try:
        # Never over a file that is there: its owner did not ask for that.
        with target.open("xb") as copy, file.open("rb") as source:
            shutil.copyfileobj(source, copy)
            os.fsync(copy.fileno())
    except FileExistsError:
        desk.fail("cli.ingest_original_exists", file=target)
    except OSError as error:
        desk.fail("cli.ingest_original_not_written", file=target, reason=type(error).__name__)
    desk.out.print(desk.say("cli.ingest_original_written", file=target, size=what.size), markup=False)


def told_if_withdrawn(desk: Desk, workplace: Workplace, key: str) -> None:
    """Say that *key* was withdrawn and stop, if so."""
    for item in workplace.withdrawals(key):
        if item.key == key:
            desk.fail("cli.ingest_is_withdrawn", **version_rows.fields(desk, item))


def list_withdrawn(desk: Desk, items: list[Withdrawal], *, json_output: bool) -> None:
    """What may be restored."""
    if json_output:
        rows = [{"title": item.meta.title, "audience": item.meta.audience.value} for item in items]
        desk.print_json(
            [version_rows.withdrawal_row(item) | row for item, row in zip(items, rows, strict=True)]
        )
        return
    headings = ("ingest_document", "ingest_title", "ingest_version", "ingest_when", "ingest_who")
    table = Table(*(desk.say(f"cli.{name}") for name in headings))
    for item in items:
        cells = (
            item.key,
            item.meta.title,
            str(item.edition),
            version_rows.when(item.at),
            version_rows.who(desk, item.by),
        )
        table.add_row(*(escape(cell) for cell in cells))
    desk.out.print(table)


def _print_diff(desk: Desk, found: VersionDiff) -> None:
    if not found.changes and not found.fields:
        desk.out.print(desk.say("cli.ingest_same", unchanged=found.unchanged))
        return
    for field in found.fields:
        before, after = escape(field.before or "∅"), escape(field.after or "∅")
        desk.out.print(f"[dim]{field.name}:[/] [red strike]{before}[/] → [green]{after}[/]")
    for change in found.changes:
        sign = {"added": "+", "removed": "−", "changed": "±"}[change.kind]
        place = escape(change.locator or change.heading or change.anchor)
        desk.out.rule(f"{sign} {place}", align="left")
        desk.out.print(Text.assemble(*_pieces(change, is_plain=not desk.out.is_terminal)), highlight=False)
    counts = {
        kind: sum(item.kind == kind for item in found.changes) for kind in ("added", "removed", "changed")
    }
    desk.out.print(desk.say("cli.ingest_diff_summary", unchanged=found.unchanged, **counts))


def _pieces(change: PassageChange, *, is_plain: bool) -> Iterator[tuple[str, str]]:
    """The words of *change*; without colours what went stands in [-…-], what came in {+…+}."""
    for run in change.runs:
        text = run.text
        if is_plain and run.kind != "same":
            blank = text[: len(text) - len(text.lstrip())]
            before, after = ("[-", "-]") if run.kind == "removed" else ("{+", "+}")
            text = f"{blank}{before}{text[len(blank) :]}{after}"
        yield text, _STYLES[run.kind]
