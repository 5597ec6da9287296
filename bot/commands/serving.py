"""`binhan serve` and `binhan reindex`."""

from __future__ import annotations

import os
import shlex
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import open_library, open_local
from bot.commands.common import open_desk
from bot.commands.watching import say_told
from bot.desk_room import open_desk_room, prepare_development
from bot.gaps_room import GapsError, open_gaps
from bot.members.model import MembersError
from bot.members_room import open_members
from bot.notices.model import NoticesError
from bot.notices_room import open_notices
from bot.papers_room import StagingTaken, open_papers
from bot.serve import AddressRefused, Parts, PortTaken, claim_port, run
from bot.settings import Role  # noqa: TC001 - typer reads the annotations
from bot.sources_room import SourcesRoom
from bot.tips_room import open_tips
from knowledge.errors import IndexLocked
from tips.errors import TipError

if TYPE_CHECKING:
    from bot.commands.common import Desk
    from bot.desk_room import DeskRoom
    from bot.gaps_room import GapsRoom
    from bot.members.store import MembersBook
    from bot.notices.notices import Notices
    from bot.papers_room import PapersRoom
    from bot.settings import Settings
    from bot.tips_room import TipsRoom
    from bot.workplace import LocalWorkplace


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="port to listen on")] = None,
    role: Annotated[Role | None, typer.Option(help="public side, officers' desk, or both")] = None,
) -> None:
    """Run the web chat and the desk; the starter guides are indexed first where they are new."""
    desk = open_desk()
    settings = desk.settings.model_copy(
        update={
            "host": host or desk.settings.host,
            "port": port or desk.settings.port,
            "role": role or desk.settings.role,
        }
    )
    try:
        listener = claim_port(settings.host, settings.port)
    except PortTaken:
        desk.fail("cli.serving_port_taken", port=settings.port)
    except AddressRefused as refused:
        desk.fail(f"cli.serving_no_{refused.reason}", host=settings.host, port=settings.port)
    with listener, ExitStack() as stack:
        parts = _open_parts(desk, settings, stack)
        _announce(desk, settings, parts)
        run(settings, parts, listener, lambda key, fields: desk.err.print(desk.say(key, **fields)))


def _open_parts(desk: Desk, settings: Settings, stack: ExitStack) -> Parts:
    """What the role of this process asks for; tips first, so that a missing key is told at once."""
    tips, officers = _open_tips(desk, settings)
    if tips is not None:
        stack.callback(tips.close)
    if officers is not None:
        stack.callback(officers.close)
    workplace = None
    if settings.role != "desk":
        with desk.opening() as move:
            workplace = open_local(settings, move)
        stack.callback(workplace.close)
        workplace.answerer.warm_up()
    gaps = _open_gaps(desk, settings, workplace, officers)
    stack.callback(gaps.close)
    members, notices = _open_telegram_parts(desk, settings, tips)
    for part in (members, notices):
        if part is not None:
            stack.callback(part.close)
    papers = _open_papers(desk, settings, workplace, officers)
    if papers is not None:
        stack.callback(papers.close)  # before the library: what is being published is finished
    return Parts(
        papers=papers,
        workplace=workplace,
        tips=tips,
        desk=officers,
        members=members,
        notices=notices,
        gaps=gaps,
        sources=_open_sources(desk, settings, workplace, stack),
    )


def _open_sources(
    desk: Desk, settings: Settings, workplace: LocalWorkplace | None, stack: ExitStack
) -> SourcesRoom | None:
    """The folders and pages of `watched.toml`, where there is a library to keep like them."""
    if workplace is None:
        return None
    room = SourcesRoom(
        settings.data, workplace, lambda told: say_told(desk, told), contact=settings.fetch_contact
    )
    stack.callback(room.close)
    return room


def _open_papers(
    desk: Desk, settings: Settings, workplace: LocalWorkplace | None, officers: DeskRoom | None
) -> PapersRoom | None:
    """The editor's documents, where there is a desk; one process has them at a time."""
    if officers is None:
        return None
    try:
        return open_papers(settings, officers.desk, officers.book, workplace)
    except StagingTaken:
        desk.err.print(desk.say("cli.serving_papers_taken"), style="yellow")
        return None


def _open_gaps(
    desk: Desk, settings: Settings, workplace: LocalWorkplace | None, officers: DeskRoom | None
) -> GapsRoom:
    """What nobody could answer: noted and answered on the public side, listed and written at the desk."""
    is_trial = officers is not None and all(unit.is_development for unit in officers.book.units)
    try:
        return open_gaps(settings, workplace, is_trial=is_trial)
    except GapsError as error:
        desk.fail(f"gaps.{error.code}")


def _open_telegram_parts(
    desk: Desk, settings: Settings, tips: TipsRoom | None
) -> tuple[MembersBook | None, Notices | None]:
    """What only Telegram needs, where it is set up: who is a member, who wants to be told of a reply."""
    if settings.role == "desk" or not settings.telegram_token.get_secret_value():
        return None, None
    try:
        members = open_members(settings)
    except MembersError:
        desk.fail("telegram.members_closed")
    try:
        notices = open_notices(settings, tips.store) if tips is not None else None
    except NoticesError:
        desk.fail("telegram.notices_closed")
    return members, notices


def _open_tips(desk: Desk, settings: Settings) -> tuple[TipsRoom | None, DeskRoom | None]:
    if not settings.tips:
        return None, None
    try:
        if settings.role == "all" and prepare_development(settings):
            desk.err.print(desk.say("cli.serving_development"), style="yellow")
        officers = open_desk_room(settings) if settings.role != "public" else None
        tips = open_tips(settings) if settings.role != "desk" else None
    except TipError as error:
        desk.fail_for(error)
    return tips, officers


def _announce(desk: Desk, settings: Settings, parts: Parts) -> None:
    url = f"http://{settings.host}:{settings.port}/"
    if parts.workplace is not None:
        desk.err.print(desk.say("cli.serving_ready", url=url), style="bold")
    if parts.desk is not None:
        officer = _somebody(parts.desk)
        told = desk.say(
            "cli.serving_desk", url=f"{url}desk/", given=_given(settings), unit=officer[0], officer=officer[1]
        )
        desk.err.print(told, markup=False, highlight=False, soft_wrap=True)
        for unit in parts.desk.locked:
            desk.err.print(desk.say("cli.serving_locked", unit=unit), style="yellow")
    desk.err.print(desk.say("cli.serving_stop"))


def _given(settings: Settings) -> str:
    """What a command in another shell has to be told to find this desk, which no file says."""
    told = {}
    if "BINHAN_DATA" in os.environ:
        told["BINHAN_DATA"] = str(settings.data.resolve())
    if settings.role == "desk":  # no library, so no socket that tells where it is
        told |= {"BINHAN_HOST": settings.host, "BINHAN_PORT": str(settings.port)}
    return "".join(f"{name}={shlex.quote(value)} " for name, value in told.items())


def _somebody(room: DeskRoom) -> tuple[str, str]:
    """A unit and one of its officers, to show what a command looks like."""
    unit = next(unit for unit in reversed(room.book.units) if unit.officers)
    return unit.id, unit.officers[0].id


def reindex() -> None:
    """Build the indexes anew from the record, with the embedder the settings name."""
    desk = open_desk()
    try:
        library = open_library(desk.settings)
    except IndexLocked:
        desk.fail("cli.reindex_busy")
    with library:
        with desk.progress(desk.say("cli.serving_indexing")) as move:
            library.reindex(move)
        count = sum(len(index) for index in library.lexical.values())
        desk.out.print(desk.say("cli.reindex_done", count=count))
