"""`binhan serve`: the web chat with its tip pages, the officers' desk, the operator's socket."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from bot.channels.web.server import create_app, server_config
from bot.channels.web.tip_site import WebTips
from bot.desk.gaps import GapDesk
from bot.desk.web.server import desk_app
from bot.duties import DESK_EVERY_S, PAPERS_EVERY_S, PURGE_EVERY_S, repeat
from bot.flows.ask import AskFlow
from bot.gaps_publishing import PUBLISH_EVERY_S
from bot.operator.server import create_operator_app
from bot.pace import Pace
from bot.telegram.feed import BODY_LIMIT
from bot.telegram_room import PublicParts, Tell, open_telegram
from bot.zalo.running import BODY_LIMIT as ZALO_BODY_LIMIT
from bot.zalo_room import open_zalo
from knowledge.folder import DataFolder
from tips.times import utc_now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.desk_room import DeskRoom
    from bot.gaps_room import GapsRoom
    from bot.members.store import MembersBook
    from bot.notices.notices import Notices
    from bot.papers_room import PapersRoom
    from bot.settings import Settings
    from bot.sources_room import SourcesRoom
    from bot.telegram.running import RunningBot
    from bot.tips_room import TipsRoom
    from bot.workplace import LocalWorkplace
    from bot.zalo.running import RunningZalo

WORKERS = 4  # questions searched at the same time; more only wait for each other on two cores
_SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107
_DRAIN_S = 10  # seconds that answers being written get after a SIGTERM


class PortTaken(Exception):
    """Another program listens on the port."""


class AddressRefused(Exception):
    """`reason`: address (not this machine's), or rights (the port is for the system's own programs)."""

    def __init__(self, reason: Literal["address", "rights"]) -> None:
        super().__init__(reason)
        self.reason = reason


def claim_port(host: str, port: int) -> socket.socket:
    """
    A listening socket, taken before any slow work so that a busy port is told at once.

    Raises:
        PortTaken: Another program has it.
        AddressRefused: It is not ours to listen there.
    """
    with contextlib.ExitStack() as undoing:
        try:
            listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            undoing.callback(listener.close)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(128)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken from None
            is_right = error.errno in {errno.EACCES, errno.EPERM}
            raise AddressRefused("rights" if is_right else "address") from None
        undoing.pop_all()
        return listener


@contextlib.contextmanager
def _operator_socket(settings: Settings) -> Iterator[socket.socket | None]:
    path = DataFolder(settings.data.resolve()).socket
    if len(os.fsencode(path)) > _SOCKET_PATH_LIMIT:
        yield None  # commands beside the service get IndexLocked instead
        return
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)  # 0600 from its first moment
    try:
        listener.bind(str(path))
    finally:
        os.umask(mask)
    listener.listen(16)
    try:
        yield listener
    finally:
        listener.close()
        path.unlink(missing_ok=True)


class _QuietServer(uvicorn.Server):
    """
    A server that leaves signals to us.

    uvicorn raises a signal again once it has stopped, which ends the process before the socket file is
    gone and the library closed.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _stop_on_signals(server: uvicorn.Server) -> None:
    """The first SIGTERM or SIGINT lets answers being written be finished, a second does not."""

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def _operator_config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app, access_log=False, log_level="warning", lifespan="off", timeout_graceful_shutdown=_DRAIN_S
    )


def workers_of(settings: Settings) -> int:
    """How many questions are answered at once: who waits for a language model keeps nobody from searching."""
    return WORKERS + (settings.llm_at_once if settings.llm_model else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one process serves: a public machine has no desk, a desk's machine neither of the others."""

    workplace: LocalWorkplace | None = None
    tips: TipsRoom | None = None
    desk: DeskRoom | None = None
    members: MembersBook | None = None
    notices: Notices | None = None
    gaps: GapsRoom | None = None
    sources: SourcesRoom | None = None
    papers: PapersRoom | None = None

    def close(self) -> None:
        """Give everything back."""
        rooms = (self.papers, self.workplace, self.tips, self.desk, self.members, self.notices, self.gaps)
        for part in rooms:
            if part is not None:
                part.close()


def application(
    settings: Settings,
    parts: Parts,
    asking: AskFlow | None,
    bots: tuple[RunningBot, ...] = (),
    zalo: RunningZalo | None = None,
) -> Starlette:
    """All pages of this process: the desk under /desk, the public ones everywhere else."""
    pages: list[BaseRoute] = [Route("/healthz", _alive)]
    for bot in bots:
        hear = _webhook("x-telegram-bot-api-secret-token", BODY_LIMIT, bot.feed.receive)
        pages.append(Route(bot.path, hear, methods=["POST"]))
    if zalo is not None:
        hear = _webhook("x-bot-api-secret-token", ZALO_BODY_LIMIT, zalo.receive)
        pages.append(Route(zalo.path, hear, methods=["POST"]))
    if parts.desk is not None:
        room = parts.desk
        pages.append(Route("/desk", _to_desk))
        papers = parts.papers.papers if parts.papers is not None else None
        gaps = gap_desk(settings, parts)
        officers = desk_app(room.desk, name=settings.name, book=room.book, gaps=gaps, papers=papers)
        pages.append(Mount("/desk", app=officers))
    if asking is not None:
        tips = parts.tips
        web_tips = WebTips(intake=tips.intake, book=tips.book, public_keys=tips.public_keys) if tips else None
        public = create_app(
            asking,
            name=settings.name,
            hosts=settings.allowed_hosts,
            at_once=workers_of(settings),
            tips=web_tips,
        )
        pages.append(Mount("/", app=public))
    return Starlette(routes=pages)


def gap_desk(settings: Settings, parts: Parts) -> GapDesk | None:
    """The gap loop at this process's desk, if it has both."""
    if parts.desk is None or parts.gaps is None:
        return None
    is_trial = all(unit.is_development for unit in parts.desk.book.units)
    return GapDesk(
        parts.desk.desk,
        parts.gaps.store,
        parts.desk.book,
        now=utc_now,
        shown_from=1 if is_trial else settings.gaps_shown_from,
    )


def _webhook(
    header: str, limit: int, receive: Callable[[str, bytes], Awaitable[str]]
) -> Callable[[Request], Awaitable[Response]]:
    """
    What a messenger sends to us, at most *limit* bytes with its secret in *header*.

    Telegram hears 200 once its update was handled, and sends it again otherwise; Zalo once it is queued: how
    long Zalo would wait is not documented.
    """
    codes = {"handled": 200, "taken": 200, "refused": 403, "broken": 200, "busy": 503}

    async def hear(request: Request) -> Response:
        body = await _body(request, limit)
        if body is None:
            return Response(status_code=413)
        return Response(status_code=codes[await receive(request.headers.get(header, ""), body)])

    return hear


async def _body(request: Request, limit: int) -> bytes | None:
    """The body, read no further than *limit* bytes; None where it is longer, whatever its header claims."""
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > limit:
            return None
    return bytes(held)


async def _to_desk(request: Request) -> RedirectResponse:  # noqa: ARG001 - every handler takes it
    return RedirectResponse("/desk/")


async def _alive(request: Request) -> JSONResponse:  # noqa: ARG001 - every handler takes it
    return JSONResponse({"status": "ok"})


@contextlib.asynccontextmanager
async def _duties(parts: Parts) -> AsyncIterator[None]:
    tasks = []
    if parts.tips is not None:
        tasks.append(asyncio.create_task(repeat(parts.tips.retention.purge, PURGE_EVERY_S)))
    if parts.desk is not None:
        tasks.append(asyncio.create_task(repeat(parts.desk.desk.run_duties, DESK_EVERY_S)))
    if parts.gaps is not None:
        tasks.append(asyncio.create_task(repeat(parts.gaps.tick, PUBLISH_EVERY_S)))
    if parts.papers is not None:
        tasks.append(asyncio.create_task(repeat(parts.papers.tick, PAPERS_EVERY_S)))
    if parts.sources is not None:
        parts.sources.start()
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def _operator(settings: Settings, parts: Parts) -> AsyncIterator[None]:
    """The operator's socket, beside the pages; none where there is no library to command."""
    workplace = parts.workplace
    if workplace is None:
        yield
        return
    with _operator_socket(settings) as private:
        if private is None:
            yield
            return
        desk = f"http://{settings.host}:{settings.port}" if parts.desk is not None else ""
        operator = _QuietServer(_operator_config(create_operator_app(workplace, desk)))
        beside = asyncio.create_task(operator.serve(sockets=[private]))
        try:
            yield
        finally:
            operator.should_exit = True
            await beside


@contextlib.asynccontextmanager
async def _bots(bots: tuple[RunningBot | RunningZalo, ...]) -> AsyncIterator[None]:
    """The bots, beside the pages; at the end what they are doing is finished and confirmed."""
    tasks = [asyncio.create_task(bot.run()) for bot in bots]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _run(settings: Settings, parts: Parts, listener: socket.socket, tell: Tell) -> None:
    with ThreadPoolExecutor(workers_of(settings), thread_name_prefix="ask") as workers:
        asking = None
        if parts.workplace is not None:
            asking = AskFlow(parts.workplace, workers, gaps=parts.gaps.notebook if parts.gaps else None)
        bots = _open_bots(settings, parts, asking, workers, tell)
        zalo = open_zalo(settings, asking, tell, tips=parts.tips is not None)
        app = application(settings, parts, asking, bots, zalo)
        running: tuple[RunningBot | RunningZalo, ...] = (*bots, zalo) if zalo is not None else bots
        config = server_config(app, host=settings.host, port=settings.port)
        config.timeout_graceful_shutdown = _DRAIN_S
        config.lifespan = "off"  # there is none; cancelled by a second Ctrl-C it would show its trace
        web = _QuietServer(config)
        _stop_on_signals(web)
        async with _operator(settings, parts), _duties(parts), _bots(running):
            await web.serve(sockets=[listener])


def _open_bots(
    settings: Settings, parts: Parts, asking: AskFlow | None, workers: ThreadPoolExecutor, tell: Tell
) -> tuple[RunningBot, ...]:
    public = None
    if asking is not None:
        public = PublicParts(
            asking=asking,
            workers=workers,
            pace=Pace(),
            tips=parts.tips,
            members=parts.members,
            notices=parts.notices,
        )
    return open_telegram(settings, public, parts.desk, tell, gap_desk(settings, parts))


def run(
    settings: Settings, parts: Parts, listener: socket.socket, tell: Tell = lambda _key, _fields: None
) -> None:
    """
    Serve until SIGTERM or SIGINT; answers being written are finished first.

    *tell* is told what the operator should read meanwhile: the key of a text, and its fields.
    """
    asyncio.run(_run(settings, parts, listener, tell))
