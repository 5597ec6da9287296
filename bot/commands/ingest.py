"""`binhan ingest add|list|show|remove|sync`; what is about trust and about versions stands beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.commands import syncing, trusting, version_rows, versions, watching
from bot.commands.common import FAILED, Desk, error_text, open_desk
from bot.commands.room import told_when_full
from bot.commands.syncing import FILES
from ingest.document import Defaults, read_document
from ingest.errors import IngestError
from ingest.sync import Action, Outcome, Scan, add_file, document_key, failure, failures, publish_one
from knowledge.model import Audience

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.workplace import Workplace
    from ingest.trust.flags import Code
    from knowledge.model import DocumentMeta, StoredDocument


app = typer.Typer(no_args_is_help=True, help="Documents in, out and listed.")
app.command("held")(trusting.held)
app.command("accept")(trusting.accept)
app.command("propose")(trusting.propose)
app.command("history")(versions.history)
app.command("diff")(versions.diff)
app.command("withdraw")(versions.withdraw)
app.command("restore")(versions.restore)
app.command("rollback")(versions.rollback)
app.command("original")(versions.original)

AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
ForWhom = Annotated[Audience, typer.Option("--audience", help="who may see them, where a file does not say")]


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="files to add or to replace")],
    *,
    audience: ForWhom = Audience.PUBLIC,
    accept: trusting.Accepted = None,
    by: trusting.By = "",
    json_output: AsJson = False,
) -> None:
    """Add files one by one; one of the same name replaces the earlier. Exit code 3: something is held."""
    desk = open_desk()
    outcomes: list[Outcome] = []
    with (
        told_when_full(desk),
        desk.workplace() as workplace,
        desk.progress(desk.say("cli.ingest_reading")) as move,
    ):
        for done, file in enumerate(files, 1):
            outcomes.extend(_add_one(desk, workplace, file, Defaults(audience=audience), accept or (), by))
            move(done, len(files))
        if any(one.action in {Action.ADDED, Action.UPDATED} or one.narrowed_to for one in outcomes):
            workplace.finish()
    _report(desk, outcomes, json_output=json_output)


def _add_one(  # noqa: PLR0913, PLR0917 - one call
    desk: Desk, workplace: Workplace, file: Path, defaults: Defaults, accepted: Collection[Code], by: str
) -> list[Outcome]:
    """One outcome, or one for each entry of a zip folder."""
    with Scan() as found:
        add_file(found, file, document_key(FILES, file.name), defaults)
        with trusting.gate_before(desk, workplace, paths=found.paths, accepted=accepted, who=by) as gate:
            outcomes = failures(found, gate)
            for key in found.hashes:
                try:
                    draft = read_document(found.paths[key], key=key, defaults=defaults)
                except IngestError as error:
                    outcomes.append(failure(key, error, found.paths[key], gate))
                    continue
                known = gate.hashes(key).get(key)
                if known == draft.content_hash:
                    outcomes.append(Outcome(key=key, action=Action.UNCHANGED))
                    continue
                action = Action.UPDATED if known else Action.ADDED
                outcomes.append(publish_one(draft, action, library=gate))
    return outcomes


@app.command()
def sync(  # noqa: PLR0913 - the options of one command
    folder: Annotated[Path, typer.Argument(help="folder whose documents the library should have")],
    *,
    name: Annotated[str, typer.Option(help="collection name; the folder's own name unless given")] = "",
    audience: ForWhom = Audience.PUBLIC,
    organisation: Annotated[str, typer.Option(help="organisation of documents that do not say")] = "",
    area: Annotated[str, typer.Option(help="commune or ward of documents that do not say")] = "",
    accept: trusting.Accepted = None,
    by: trusting.By = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be done")] = False,
    rehash: Annotated[
        bool, typer.Option("--rehash", help="read every file, also those that were not touched")
    ] = False,
    yes_remove: Annotated[
        bool, typer.Option("--yes-remove", help="also take out most of the collection, or all of it")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="go on until Ctrl-C, following what changes")
    ] = False,
    poll: Annotated[
        float, typer.Option(min=0, help="with --watch: seconds between looks at a folder on a share")
    ] = 0.0,
    json_output: AsJson = False,
) -> None:
    """
    Add, update and remove until the library has what FOLDER has.

    Exit code 1: a file did not go in; 3: all were read, and some are held for a person.
    """
    desk = open_desk()
    request = syncing.Request(
        folder=folder,
        name=name,
        defaults=Defaults(audience=audience, organisation=organisation, area=area),
        accepted=tuple(accept or ()),
        by=by,
        dry_run=dry_run,
        rehash=rehash,
        yes_remove=yes_remove,
    )
    if not request.collection:
        desk.fail("cli.collection_name", name=name or folder.resolve().name)
    if watch:
        if dry_run or json_output:
            desk.fail("sources.watch_with_dry_run")
        watching.watch_folder(desk, request, poll_s=poll)
        return
    done = syncing.sync_once(desk, request)
    if done.missing:
        told = desk.say("sources.sync_loss", count=done.missing, known=done.known)
        desk.err.print(told, style="red", markup=False, highlight=False)
    _report(desk, done.outcomes, json_output=json_output, dry_run=dry_run)
    if done.missing:
        raise typer.Exit(trusting.HELD)


def _report(desk: Desk, outcomes: list[Outcome], *, json_output: bool, dry_run: bool = False) -> None:
    counts = Counter(outcome.action for outcome in outcomes)
    totals = {action.value: counts[action] for action in Action}
    if json_output:
        rows = [_row(desk, outcome) for outcome in outcomes if outcome.action is not Action.UNCHANGED]
        desk.print_json({"summary": totals, "documents": rows} | ({"dry_run": True} if dry_run else {}))
    else:
        shown = [outcome for outcome in outcomes if outcome.action is not Action.UNCHANGED]
        _print_table(desk, [_not_yet(outcome) for outcome in shown] if dry_run else shown)
        desk.out.print(desk.say("ingest.summary", **totals))
        if counts[Action.HELD]:
            desk.out.print(desk.say("trust.summary_held", held=counts[Action.HELD]))
        if dry_run:
            desk.out.print(desk.say("ingest.dry_run"), style="bold")
    if counts[Action.FAILED]:
        raise typer.Exit(FAILED)
    if counts[Action.HELD]:
        raise typer.Exit(trusting.HELD)


def _not_yet(outcome: Outcome) -> Outcome:
    """*outcome* of a dry run: what would be held cannot be looked at among what is."""
    return replace(outcome, error="trust.would_hold") if outcome.action is Action.HELD else outcome


def _row(desk: Desk, outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = {"key": outcome.key, "action": outcome.action.value, "passages": outcome.passages}
    if outcome.repairs:
        row |= {"repairs": list(outcome.repairs), "repaired": _repaired(desk, outcome)}
    if outcome.flags:
        row |= {"flags": trusting.flag_rows(desk, outcome.flags)}
    if outcome.duplicate_of:
        row |= {"duplicate_of": outcome.duplicate_of}
    if outcome.narrowed_to:
        row |= {"narrowed_to": outcome.narrowed_to, "narrowed": trusting.narrowed_line(desk, outcome)}
    if outcome.error:
        row |= {"error": outcome.error, "reason": _reason(desk, outcome)}
    return row


def _repaired(desk: Desk, outcome: Outcome) -> str:
    told = "; ".join(desk.say(f"ingest.repair_{code}") for code in outcome.repairs)
    return desk.say("ingest.repairs", list=told)


def _reason(desk: Desk, outcome: Outcome) -> str:
    return error_text(outcome.error, dict(outcome.fields), desk.language) if outcome.error else ""


def _print_table(desk: Desk, outcomes: list[Outcome]) -> None:
    if not outcomes:
        return
    table = Table(
        desk.say("cli.ingest_document"), desk.say("cli.ingest_outcome"), desk.say("cli.ingest_passages")
    )
    for outcome in outcomes:
        told = _told(desk, outcome)
        table.add_row(escape(outcome.key), told, str(outcome.passages or ""))
    desk.out.print(table)


def _told(desk: Desk, outcome: Outcome) -> str:
    """What became of a document, in the markup of a table's cell."""
    if outcome.action is Action.HELD:
        told = f"[red]{desk.say('trust.action_held')}[/]: {escape(_reason(desk, outcome))}"
    else:
        told = desk.say(f"ingest.action_{outcome.action.value}")
        if outcome.error:
            told = f"[red]{told}[/]: {escape(_reason(desk, outcome))}"
    if outcome.narrowed_to:
        told += f". {escape(trusting.narrowed_line(desk, outcome))}"
    if outcome.repairs:
        told += f". [yellow]{escape(_repaired(desk, outcome))}[/]"
    if outcome.duplicate_of:
        told += f", {escape(desk.say('trust.duplicate_of', document=outcome.duplicate_of))}"
    return "\n".join((told, *(f"- {escape(line)}" for line in trusting.flag_lines(desk, outcome.flags))))


@app.command("list")
def list_documents(
    prefix: Annotated[str, typer.Argument(help="only keys that begin with this")] = "",
    *,
    withdrawn: Annotated[bool, typer.Option("--withdrawn", help="those that were withdrawn")] = False,
    json_output: AsJson = False,
) -> None:
    """List the published documents, or the withdrawn ones."""
    desk = open_desk()
    with desk.workplace() as workplace:
        if withdrawn:
            versions.list_withdrawn(desk, workplace.withdrawals(prefix), json_output=json_output)
            return
        stored = workplace.documents(prefix)
    copies = trusting.copies_in(desk)
    if json_output:
        rows = [_document_row(item) for item in stored]
        desk.print_json([row | {"duplicate_of": copies.get(row["key"], "")} for row in rows])
        return
    table = Table(
        desk.say("cli.ingest_document"),
        desk.say("cli.ingest_title"),
        desk.say("cli.ingest_audience"),
        desk.say("cli.ingest_passages"),
    )
    for item in stored:
        title = item.meta.title
        if original := copies.get(item.meta.key):
            title = f"{title} ({desk.say('trust.duplicate_of', document=original)})"
        table.add_row(escape(item.meta.key), escape(title), item.meta.audience.value, str(item.passages))
    desk.out.print(table)


def _document_row(item: StoredDocument) -> dict[str, Any]:
    row = _meta_row(item.meta) | {"passages": item.passages, "published_at": item.published_at.isoformat()}
    return row | {"version": item.edition, "published_by": item.published_by}


def _meta_row(meta: DocumentMeta) -> dict[str, Any]:
    days = {name: getattr(meta, name) for name in ("issued", "effective", "expires", "as_of")}
    return {
        "key": meta.key,
        "title": meta.title,
        "kind": meta.kind.value,
        "audience": meta.audience.value,
        "number": meta.number,
        "source": meta.source,
        "url": meta.url,
        "author": meta.author,
        "organisation": meta.organisation,
        "area": meta.area,
        "topic": meta.topic,
        "verified_by": meta.verified_by,
    } | {name: day.isoformat() if day else None for name, day in days.items()}


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="as `ingest list` shows it")], *, json_output: AsJson = False
) -> None:
    """Show one document as it will be cited, passage by passage."""
    desk = open_desk()
    with desk.workplace() as workplace:
        versions.told_if_withdrawn(desk, workplace, key)
        passages = workplace.document_passages(key)
        stored = next(item for item in workplace.documents(key) if item.meta.key == key)
    if not passages:
        desk.fail("trust.duplicate_of", document=trusting.copies_in(desk).get(key, "?"))
    about = _meta_row(stored.meta) | version_rows.origin_row(desk, stored)
    if json_output:
        rows = [{"anchor": item.anchor, "locator": item.locator, "text": item.text} for item in passages]
        desk.print_json(about | {"passages": rows})
        return
    for name, value in about.items():
        if value:
            desk.out.print(f"[dim]{name}:[/] {escape(version_rows.as_line(value))}")
    for item in passages:
        desk.out.rule(escape(item.locator or item.heading or item.anchor), align="left")
        desk.out.print(item.text, markup=False, highlight=False)


@app.command()
def remove(
    keys: Annotated[list[str], typer.Argument(help="documents to take out, by key")],
    *,
    by: trusting.By = "",
) -> None:
    """
    Take documents out of the library for good, with their history; your own files stay where they are.

    To take one back for the time being: `ingest withdraw`.
    """
    desk = open_desk()
    with desk.workplace() as workplace, trusting.gate_before(desk, workplace, who=by) as gate:
        for key in keys:
            gate.remove(key)
            desk.out.print(f"{desk.say('ingest.action_removed')}: {escape(key)}")
        workplace.finish()
