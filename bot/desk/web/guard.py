"""
The desk's own door: headers on every answer, no post from other sites, no error's words in a log.

Host names are not checked here as in the web chat: the session's cookie belongs to one host, and a name
bound anew by an attacker has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from bot.channels.web.guard import SECURITY_HEADERS, comes_from_elsewhere, log_error_type
from prompts.catalog import text

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types binhan"
)
# A file from a tipster may do nothing at all, whatever it turns out to be.
FILE_POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
)
DESK_HEADERS: Final = {
    **SECURITY_HEADERS,
    "Content-Security-Policy": PAGE_POLICY,
    # Not no-referrer: browsers then send "Origin: null" with our own forms, and those could not be told
    # from a stranger's. Nothing of ours links out, and addresses hold opaque ids only.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class DeskGuard:
    """The outermost layer of the desk."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
                headers = MutableHeaders(scope=message)
                for name, value in DESK_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if comes_from_elsewhere(scope):
            refusal = PlainTextResponse(_both("foreign"), status_code=403)
            await refusal(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001  whatever it is, its words must not reach a log
            log_error_type(error)
            if not started:
                failure = PlainTextResponse(_both("internal"), status_code=500)
                await failure(scope, receive, send_guarded)


def comes_from_here(scope: Scope) -> bool:
    """Whether the browser itself says that a page of ours sent it; one that says nothing does not."""
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin", "")
    if site is not None:
        return site == "same-origin"
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


def _both(code: str) -> str:
    """In both languages: nothing is known of the reader here."""
    return "\n".join(text(f"deskweb.error_{code}", language) for language in ("vi", "en"))
