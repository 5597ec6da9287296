"""`binhan sources add|list|remove|fetch`: the folders and pages that are kept up to date by themselves."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from filelock import Timeout
from rich.markup import escape
from rich.table import Table

from bot.commands.common import FAILED, Desk, open_desk
from bot.commands.ingest import ForWhom  # noqa: TC001 - typer reads the annotations
from bot.commands.room import told_when_full
from bot.commands.trusting import HELD, gate_before
from bot.commands.watching import page_lines, page_outcome
from bot.sources_pages import fetching_alone, page_keeper
from ingest.document import Defaults
from ingest.folder_events import is_shared
from ingest.names import collection_name
from ingest.source_list import RESERVED, WebSource, read_list, write_list
from ingest.trust.sources import host_of, read_sources
from ingest.watched import WatchedFolder
from ingest.web.asking import NotYet
from ingest.web.errors import BadAddress
from ingest.web.keeping import GOOD
from ingest.web.reading import key_of
from ingest.web.schedule import span_of, written_span
from ingest.web.state import WebState
from ingest.web.targets import shown, target_of
from knowledge.model import Audience

if TYPE_CHECKING:
    from ingest.source_list import SourceList
    from ingest.web.keeping import PageKeeper, PageTold
    from ingest.web.state import PageState

_PATIENCE_S = 120.0  # for a site that wants a pause; more is left for another time
_TRIES = 10  # the page, its robots.txt, and those of the sites it leads to
_WAITS_FOR_PERSON = frozenset(("held", "text_lost"))

app = typer.Typer(no_args_is_help=True, help="Folders and web pages that are kept up to date.")
AsJson = Annotated[bool, typer.Option("--json", help="one JSON list")]


@app.command()
def add(  # noqa: PLR0913 - the options of one command
    what: Annotated[str, typer.Argument(help="a folder, or the address of a page or a file")],
    *,
    every: Annotated[str, typer.Option(help="how often a page is fetched: 30m, 24h, 7d")] = "24h",
    name: Annotated[str, typer.Option(help="a folder's collection; its own name unless given")] = "",
    audience: ForWhom = Audience.PUBLIC,
    organisation: Annotated[str, typer.Option(help="organisation of documents that do not say")] = "",
    area: Annotated[str, typer.Option(help="commune or ward of documents that do not say")] = "",
    inside: Annotated[
        bool, typer.Option("--inside", help="the page is on a machine of your own network")
    ] = False,
    http: Annotated[bool, typer.Option("--http", help="the page has no https")] = False,
) -> None:
    """Have a folder or a page kept up to date; again with other options to change it."""
    desk = open_desk()
    data = desk.settings.data
    wanted = read_list(data)
    if "://" not in what:
        defaults = Defaults(audience=audience, organisation=organisation, area=area)
        _add_folder(desk, wanted, Path(what), name, defaults)
        return
    every_s = span_of(every)
    if every_s is None:
        desk.fail("sources.bad_every", every=every)
    try:
        url = target_of(what, plain=http, inside=inside).url
    except BadAddress:
        desk.fail("sources.bad_page", url=shown(what))
    page = WebSource(
        url=url,
        every_s=every_s,
        audience=audience,
        organisation=organisation,
        area=area,
        inside=inside,
        plain=http,
    )
    write_list(data, wanted.with_page(page))
    _print(desk, "sources.added_page", url=url, every=written_span(every_s))
    if not inside and not read_sources(data).knows(host_of(url)):
        _print(desk, "sources.added_unlisted", host=host_of(url))


def _add_folder(desk: Desk, wanted: SourceList, folder: Path, name: str, defaults: Defaults) -> None:
    if not folder.is_dir():
        desk.fail("sources.no_folder", folder=folder)
    root = folder.resolve()
    collection = collection_name(name or root.name)
    if not collection:
        desk.fail("cli.collection_name", name=name or root.name)
    other = next((one for one in wanted.folders if one.collection == collection and one.root != root), None)
    if other is not None or collection in RESERVED:
        desk.fail("sources.name_taken", name=collection, folder=other.root if other else "-")
    write_list(
        desk.settings.data,
        wanted.with_folder(WatchedFolder(root=root, collection=collection, defaults=defaults)),
    )
    _print(desk, "sources.added_folder", folder=root, name=collection)
    if is_shared(root):
        _print(desk, "sources.added_shared")


@app.command("list")
def list_sources(*, json_output: AsJson = False) -> None:
    """List what is kept up to date, and what became of it last time."""
    desk = open_desk()
    wanted = read_list(desk.settings.data)
    state = WebState.open(desk.settings.data)
    try:
        pages = [(page, state.page(page.url)) for page in wanted.pages]
    finally:
        state.close()
    if json_output:
        rows = [_folder_row(folder) for folder in wanted.folders]
        desk.print_json([*rows, *(_page_row(desk, page, last) for page, last in pages)])
        return
    if not wanted.folders and not pages:
        _print(desk, "sources.none")
        return
    table = Table()
    for name in ("name", "every", "last", "next", "state"):
        table.add_column(desk.say(f"sources.column_{name}"), overflow="fold")
    for folder in wanted.folders:
        place = f"{folder.root} ({folder.collection})"
        table.add_row(escape(place), desk.say("sources.always"), "", "", desk.say("sources.watched_here"))
    for page, last in pages:
        told = page_outcome(desk, last.outcome, page.url, json.loads(last.fields)) if last.outcome else ""
        colour = "red" if last.outcome and last.outcome not in GOOD else "default"
        table.add_row(
            escape(page.url),
            written_span(page.every_s),
            _clock(last.checked) or desk.say("sources.never"),
            _clock(last.next),
            f"[{colour}]{escape(told)}[/]",
        )
    desk.out.print(table)


@app.command()
def remove(
    named: Annotated[
        str, typer.Argument(help="an address, a folder or a collection, as `sources list` shows")
    ],
    *,
    take_out: Annotated[
        bool, typer.Option("--take-out", help="take the documents that came of it out, too")
    ] = False,
) -> None:
    """Follow a folder or a page no more; its documents stay unless you say otherwise."""
    desk = open_desk()
    data = desk.settings.data
    wanted = read_list(data)
    path = str(Path(named).resolve()) if "://" not in named else named
    left = wanted.without(named).without(path)
    if left == wanted:
        desk.fail("sources.unknown", name=named)
    write_list(data, left)  # first: a service that still follows a folder would bring it back
    pages = [page for page in wanted.pages if page not in left.pages]
    if take_out:
        folders = [folder for folder in wanted.folders if folder not in left.folders]
        try:
            count = _take_out(desk, folders, pages)
        except BaseException:
            write_list(data, wanted)  # to be tried again
            raise
        _print(desk, "sources.removed_taken_out", name=named, count=count)
        return
    state = WebState.open(data)
    for page in pages:
        state.forget_page(page.url)
    state.close()
    _print(desk, "sources.removed", name=named)


def _take_out(desk: Desk, folders: list[WatchedFolder], pages: list[WebSource]) -> int:
    """Take out what *folders* and *pages* brought, and nothing of another folder; how many documents."""
    who, count = getpass.getuser(), 0
    with desk.workplace() as workplace:
        with page_keeper(desk.settings.data, workplace, who=who) as keeper:
            for page in pages:
                key = key_of(page.url)
                count += key in workplace.hashes(key)
                keeper.forget(page, take_out=True)
        for folder in folders:
            prefix, home = f"{folder.collection}/", str(folder.root)
            if workplace.claim_collection(folder.collection, home, False) != home:
                continue
            with gate_before(desk, workplace) as gate:
                keys = sorted(gate.hashes(prefix))
                for key in keys:
                    gate.remove(key)
                gate.forget_missing(prefix, ())
            count += len(keys)
            if keys:
                workplace.finish()
    return count


@app.command()
def fetch(
    urls: Annotated[list[str] | None, typer.Argument(help="only these pages")] = None,
    *,
    now: Annotated[bool, typer.Option("--now", help="also pages whose time has not come")] = False,
    json_output: AsJson = False,
) -> None:
    """
    Fetch the pages that are due.

    Exit code 1: one was not fetched or not taken; 3: all were, and some are held for a person.
    """
    desk = open_desk()
    data = desk.settings.data
    wanted = read_list(data).pages
    if unknown := next((url for url in urls or () if url not in {page.url for page in wanted}), None):
        desk.fail("sources.unknown", name=unknown)
    chosen = [page for page in wanted if not urls or page.url in urls]
    try:
        with (
            told_when_full(desk),
            fetching_alone(data),
            desk.workplace() as workplace,
            page_keeper(
                data, workplace, who=getpass.getuser(), contact=desk.settings.fetch_contact
            ) as keeper,
        ):
            due = [page for page in chosen if now or urls or keeper.due_at(page) <= time()]
            told = [_visited(desk, keeper, page) for page in due]
    except Timeout:
        desk.fail("sources.busy_elsewhere")
    _report(desk, [one for one in told if one is not None], json_output=json_output)


def _visited(desk: Desk, keeper: PageKeeper, page: WebSource) -> PageTold | None:
    """What became of *page*; None where its site wants a longer pause than anybody waits for."""
    _say(desk, "sources.fetching", url=page.url)
    until = time()
    for _ in range(_TRIES):
        told = keeper.visit(page)
        if not isinstance(told, NotYet):
            return told
        until = told.until
        seconds = until - time()
        if seconds > _PATIENCE_S:
            break
        if seconds > 1:
            _say(desk, "sources.waiting", host=host_of(page.url), seconds=round(seconds))
        Event().wait(max(0.0, seconds) + 0.01)
    _say(desk, "sources.later", url=page.url, at=_clock(until))
    return None


def _report(desk: Desk, told: list[PageTold], *, json_output: bool) -> None:
    if json_output:
        rows = [
            {"url": one.source.url, "outcome": one.code, "again": _iso(one.again)}
            | {"told": page_outcome(desk, one.code, one.source.url, one.fields)}
            for one in told
        ]
        desk.print_json(rows)
    else:
        for one in told:
            for line in page_lines(desk, one):
                desk.out.print(line, markup=False, highlight=False, soft_wrap=True)
        if not told:
            _print(desk, "sources.nothing_due")
    codes = {one.code for one in told}
    if codes - GOOD - _WAITS_FOR_PERSON:
        raise typer.Exit(FAILED)
    if codes & _WAITS_FOR_PERSON:
        raise typer.Exit(HELD)


def _folder_row(folder: WatchedFolder) -> dict[str, Any]:
    audience = folder.defaults.audience.value
    return {"folder": str(folder.root), "name": folder.collection, "audience": audience}


def _page_row(desk: Desk, page: WebSource, last: PageState) -> dict[str, Any]:
    told = page_outcome(desk, last.outcome, page.url, json.loads(last.fields)) if last.outcome else ""
    return {
        "url": page.url,
        "every": written_span(page.every_s),
        "audience": page.audience.value,
        "outcome": last.outcome,
        "told": told,
        "checked": _iso(last.checked),
        "next": _iso(last.next),
        "fails": last.fails,
    }


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%d/%m %H:%M") if seconds else ""


def _iso(seconds: float) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None


def _print(desk: Desk, key: str, **fields: object) -> None:
    desk.out.print(desk.say(key, **fields), markup=False, highlight=False, soft_wrap=True)


def _say(desk: Desk, key: str, **fields: object) -> None:
    desk.err.print(desk.say(key, **fields), markup=False, highlight=False, soft_wrap=True)
