"""
The door of the web chat: who may knock, which headers leave, and what is said when all else fails.

No request is written down. An error is logged by its type alone: messages of errors quote what was typed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse

from bot.channels.web.reading import Problem, request_language
from prompts.catalog import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG: Final = logging.getLogger(__name__)

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types binhan"
)
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def log_error_type(error: BaseException) -> None:
    """Note that *error* happened, and nothing it says."""
    _LOG.error("web: %s", type(error).__name__)


def problem_response(problem: Problem, request: Request) -> Response:
    """*problem* as JSON for the page's script, as a line of text for anything else."""
    language = problem.language or request_language(request)
    words = text(f"web.error_{problem.code}", language)
    headers = {"Retry-After": "5"} if problem.code == "busy" else None
    if request.url.path.startswith("/api/"):
        content = {"error": problem.code, "text": words}
        return JSONResponse(content, status_code=problem.status, headers=headers)
    return PlainTextResponse(words, status_code=problem.status, headers=headers)


class Guard:
    """The outermost layer: refuses strange hosts and other sites' posts, and sets the security headers."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, guarded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        request = Request(scope)
        try:
            self._check(scope)
            await self._app(scope, receive, send_guarded)
        except Problem as problem:
            await problem_response(problem, request)(scope, receive, send_guarded)
        except asyncio.CancelledError:
            log_error_type(asyncio.CancelledError())  # the service stops; uvicorn would log a trace
        except Exception as error:  # noqa: BLE001  whatever it is, its words must not reach a log
            log_error_type(error)
            if not started:
                await problem_response(Problem("internal"), request)(scope, receive, send_guarded)

    def _check(self, scope: Scope) -> None:
        if not self._knows(Headers(scope=scope).get("host", "")):
            raise Problem("host")
        if comes_from_elsewhere(scope, nameless=_PLAIN_FORMS):
            raise Problem("foreign")

    def _knows(self, host: str) -> bool:
        """Whether *host* may be ours. A bare address is: DNS rebinding needs a name to rebind."""
        if "*" in self._hosts:
            return True
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


# Where a plain form posts to. Our own Referrer-Policy makes browsers send "null" as its origin, and over http
# no Sec-Fetch-Site. No cookie goes with it and the server knows nobody, so another site's form gains nothing
# that its author could not do himself: ask a question, send a tip of his own, look up a receipt he has.
_PLAIN_FORMS: Final = frozenset({"/ask", "/bao-tin", "/theo-doi"})


def comes_from_elsewhere(scope: Scope, *, nameless: Collection[str] = ()) -> bool:
    """Whether what would change something comes from another site; at paths *nameless* "null" is none."""
    if scope["method"] in {"GET", "HEAD"}:
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin == "null" and scope["path"] in nameless:
        return False
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _add_headers(headers: MutableHeaders) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-store")
