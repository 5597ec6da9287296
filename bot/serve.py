"""`binhan serve`: the guides into the index, then the web chat and the operator's socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import uvicorn

from bot.channels.web.server import create_app, server_config
from bot.flows.ask import AskFlow
from bot.operator.server import create_operator_app
from knowledge.folder import DataFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

    from bot.settings import Settings
    from bot.workplace import LocalWorkplace

WORKERS = 4  # questions searched at the same time; more only wait for each other on two cores
_SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107
_DRAIN_S = 10  # seconds that answers being written get after a SIGTERM


class PortTaken(Exception):
    """Another program listens on the port."""


def claim_port(host: str, port: int) -> socket.socket:
    """
    A listening socket, taken before any slow work so that a busy port is told at once.

    Raises:
        PortTaken: Another program has it.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise PortTaken from None
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


async def _run(settings: Settings, workplace: LocalWorkplace, listener: socket.socket) -> None:
    with (
        ThreadPoolExecutor(WORKERS, thread_name_prefix="ask") as workers,
        _operator_socket(settings) as private,
    ):
        app = create_app(AskFlow(workplace, workers), name=settings.name, hosts=settings.allowed_hosts)
        config = server_config(app, host=settings.host, port=settings.port)
        config.timeout_graceful_shutdown = _DRAIN_S
        web = _QuietServer(config)
        _stop_on_signals(web)
        if private is None:
            await web.serve(sockets=[listener])
            return
        operator = _QuietServer(_operator_config(create_operator_app(workplace)))
        beside = asyncio.create_task(operator.serve(sockets=[private]))
        try:
            await web.serve(sockets=[listener])
        finally:
            operator.should_exit = True
            await beside


def run(settings: Settings, workplace: LocalWorkplace, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; answers being written are finished first."""
    asyncio.run(_run(settings, workplace, listener))
