"""The HTTP side: requests read, methods called, answers given, connections lost on purpose."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import traceback
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tests.fakes.telegram.call import METHODS, Call, Record, Uploaded, read_params
from tests.fakes.telegram.methods import changing, chats, files, hooks, profile, sending
from tests.fakes.telegram.polling import HOOKED, Polling
from tests.fakes.telegram.refusals import Refused
from tests.fakes.telegram.webhook import Delivery

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.types import Receive, Scope, Send

    from tests.fakes.telegram.troubles import Limits, Troubles
    from tests.fakes.telegram.world import World

KNOWN = (changing, chats, files, hooks, profile, sending)  # importing them fills METHODS
BODY_LIMIT = files.UPLOAD_LIMIT + 64 * 1024
_API = re.compile(r"/bot([^/]*)/([A-Za-z_]+)/?")
_FILE = re.compile(r"/file/bot([^/]*)/(.+)")
_TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]{30,80}")


class Server:
    """Listens on a port of its own, in a thread of its own, from `start` to `stop`."""

    def __init__(self, world: World, troubles: Troubles, limits: Limits) -> None:
        self.world = world
        self.troubles = troubles
        self.limits = limits
        self.calls: list[Record] = []
        self.unknown: set[str] = set()  # methods that this server is too old for
        self.is_bad_gateway = False
        self._ready = threading.Event()
        self._socket = _bound(0)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="fake Telegram", daemon=True)

    # the thread

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("the fake Telegram did not start")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(30)

    def in_loop(self, work: Coroutine[Any, Any, None]) -> None:
        """Run *work* there and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def _run(self) -> None:
        asyncio.run(self._live())

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._polling = Polling(self.world, self._loop)
        self._delivery = Delivery(self.world, self._loop)
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            proxy_headers=False,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
        )
        config.load()
        self._http = uvicorn.Server(config)
        self._http.lifespan = config.lifespan_class(config)
        await self._http.startup(sockets=[self._socket])
        self._ready.set()
        await self._stopping.wait()
        self._polling.stop()
        await self._delivery.stop()
        self._abort_all()
        await self._http.shutdown(sockets=[self._socket])

    async def refuse_connections(self) -> None:
        """Close the port and whatever is open; the port stays ours."""
        self._delivery.is_paused = True
        for server in self._http.servers:
            server.close()
        self._socket.close()
        self._abort_all()
        self._polling.abandon()
        self._socket = _bound(self.port)

    async def accept_connections(self) -> None:
        self._delivery.is_paused = False
        await self._http.startup(sockets=[self._socket])

    async def pause_delivery(self, is_paused: bool) -> None:
        self._delivery.is_paused = is_paused

    def _abort_all(self) -> None:
        for connection in list(self._http.server_state.connections):
            connection.transport.abort()

    async def _abort(self, client: Any) -> None:
        for connection in list(self._http.server_state.connections):
            if connection.client == client:
                connection.transport.abort()
        await asyncio.sleep(0.01)

    # requests

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Exception:  # noqa: BLE001 - a defect of the fake itself: the test must hear of it
            name = request.url.path.rpartition("/")[2]
            self.world.fault(f"{name}: the fake itself broke: {traceback.format_exc()}")
            response = _said(Refused(500, "Internal Server Error"))
        if response is None:
            await self._abort(tuple(scope["client"]))
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        if self.is_bad_gateway:
            return Response("<html><title>502 Bad Gateway</title></html>", 502, media_type="text/html")
        path = request.url.path
        if match := _FILE.fullmatch(path):
            return await self._fetch(*match.groups())
        match = _API.fullmatch(path)
        if not match or not _TOKEN.fullmatch(match.group(1)):
            return _said(Refused(404, "Not Found"))
        if match.group(1) != self.world.token:
            return _said(Refused(401, "Unauthorized"))
        try:
            given, uploads = await _read(request)
        except Refused as refused:
            self.world.fault(f"{match.group(2)}: {refused.description}")
            return _said(refused)
        return await self._handle(Call(match.group(2), given, uploads, self.world))

    async def _handle(self, call: Call) -> Response | None:
        named = {field: upload.name for field, upload in call.uploads.items()}
        record = Record(call.method, read_params(call.given), named, self.world.now())
        self.calls.append(record)
        trouble = self.troubles.take(call)
        if trouble is not None and trouble.delay_s:
            await asyncio.sleep(trouble.delay_s)
        try:
            if trouble is not None and (refusal := trouble.refusal()):
                raise refusal
            self.limits.check(call)
            result = await self._work(call)
        except Refused as refused:
            record.outcome.append(refused.code)
            if refused.is_fault:
                self.world.fault(f"{call.method}: {refused.description}")
            response = _said(refused)
        else:
            record.outcome.append(200)
            response = Response(f'{{"ok":true,"result":{result}}}', media_type="application/json")
        self.world.notify()
        return None if trouble is not None and trouble.is_lost else response

    async def _work(self, call: Call) -> str:
        """Do it; gives the result as JSON."""
        name = call.method.lower()
        if name == "getupdates" and name not in self.unknown:
            return await self._polling.get_updates(call)
        function = METHODS.get(name)
        if name in self.unknown or function is None:
            raise Refused(404, "Not Found: method not found", is_fault=name not in self.unknown)
        with self.world.lock:
            result = json.dumps(function(call))
        if name in ("setwebhook", "deletewebhook"):
            if self.world.updates.hook.url:
                self._polling.end(HOOKED)
            self._delivery.changed()
        return result

    async def _fetch(self, token: str, path: str) -> Response | None:
        """A file's bytes; in `calls` and to troubles, the method is "download"."""
        if token != self.world.token:
            return _said(
                Refused(401, "Unauthorized") if _TOKEN.fullmatch(token) else Refused(404, "Not Found")
            )
        file = self.world.paths.get(path)
        call = Call("download", {"file_path": path}, {}, self.world)
        record = Record(call.method, dict(call.given), {}, self.world.now())
        self.calls.append(record)
        trouble = self.troubles.take(call)
        refusal = trouble.refusal() if trouble else None
        if trouble is not None and trouble.delay_s:
            await asyncio.sleep(trouble.delay_s)
        if refusal is None and (file is None or file.size > files.DOWNLOAD_LIMIT):
            refusal = Refused(404, "Not Found")
        record.outcome.append(refusal.code if refusal else 200)
        if trouble is not None and trouble.is_lost:
            return None
        return _said(refusal) if refusal else Response(file.content, media_type="application/octet-stream")


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def _said(refused: Refused) -> Response:
    return Response(json.dumps(refused.body()), refused.code, media_type="application/json")


async def _read(request: Request) -> tuple[dict[str, str], dict[str, Uploaded]]:
    given: dict[str, str] = dict(request.query_params)
    uploads: dict[str, Uploaded] = {}
    kind = request.headers.get("content-type", "")
    if int(request.headers.get("content-length", "0")) > BODY_LIMIT:
        async for _ in request.stream():
            pass
        raise Refused(413, "Request Entity Too Large", is_fault=True)
    if kind.startswith("application/json"):
        body = json.loads(await request.body() or b"{}")
        given |= {n: v if isinstance(v, str) else json.dumps(v) for n, v in body.items() if v is not None}
    elif kind.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    content = await value.read()
                    uploads[name] = Uploaded(value.filename or "", content, value.content_type or "")
                else:
                    given[name] = value
    return given, uploads
