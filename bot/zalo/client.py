"""
Zalo's Bot API over httpx: the six methods we need. No package is fit for it (docs/decisions/0037).

Faults never quote what was sent, the address or the token in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import httpx

if TYPE_CHECKING:
    from types import TracebackType

_TIMEOUT_S: Final = 15.0
_PATIENCE_S: Final = 15.0  # beyond what a long poll was asked to wait
_LARGEST_ANSWER: Final = 1_000_000  # bytes
_IDLE: Final = 408  # nobody wrote while we waited
_TOO_FAST: Final = 429
_UNKNOWN_BOT: Final = frozenset({401, 403, 404})

Reason = Literal["too_fast", "away", "refused"]


class ZaloFault(Exception):
    """
    Zalo did not do what it was asked.

    `too_fast` and `away`: the same call may go through later. `refused`: however often, it will not.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class BadZaloToken(Exception):
    """The token is not one of a bot."""


class ZaloClient:
    """One bot. Every method raises `ZaloFault` or `BadZaloToken` and nothing else."""

    def __init__(self, api: str, token: str) -> None:
        """
        Make a client; nothing is asked yet.

        Args:
            api: Address of the API, such as https://bot-api.zaloplatforms.com.
            token: Of the bot. It is part of every address: see `bot.redaction.silence`.
        """
        # A proxy is a setting of ours or none: never found in the environment by chance.
        self._http = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False)
        self._base = f"{api.rstrip('/')}/bot{token}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def name(self) -> str:
        """The bot's name at Zalo."""
        answer = await self._call("getMe", is_first=True)
        found = answer.get("account_name") if isinstance(answer, dict) else None
        return found if isinstance(found, str) else ""

    async def updates(self, wait_s: int) -> tuple[Any, ...]:
        """
        What came, as JSON, after at most *wait_s* seconds; nothing if nobody wrote.

        Zalo gives each update once: what is not handled after this returned is lost.
        """
        answer = await self._call("getUpdates", {"timeout": str(wait_s)}, wait_s=wait_s)
        if answer is None:
            return ()
        return tuple(answer) if isinstance(answer, list) else (answer,)

    async def send(self, chat: str, words: str) -> None:
        """Send *words*, plain text of 1 to 2,000 characters."""
        await self._call("sendMessage", {"chat_id": chat, "text": words})

    async def show_typing(self, chat: str) -> None:
        """Show that an answer is being written."""
        await self._call("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to *url* with *secret* (8 to 256 characters) in `X-Bot-Api-Secret-Token`."""
        await self._call("setWebhook", {"url": url, "secret_token": secret})

    async def drop_webhook(self) -> None:
        """Have updates wait until they are asked for."""
        await self._call("deleteWebhook")

    async def _call(
        self, method: str, given: dict[str, str] | None = None, *, wait_s: int = 0, is_first: bool = False
    ) -> Any:
        try:
            response = await self._http.post(
                f"{self._base}/{method}", json=given or {}, timeout=wait_s + _PATIENCE_S
            )
            told = _read(response.content)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise ZaloFault("away") from None
        code = _code(response.status_code, told)
        if code == _IDLE:
            return None
        if code == httpx.codes.OK:
            return told.get("result")
        if code == httpx.codes.UNAUTHORIZED or (is_first and code in _UNKNOWN_BOT):
            raise BadZaloToken
        raise ZaloFault(
            "too_fast" if code == _TOO_FAST else "refused" if 400 <= code < 500 else "away"  # noqa: PLR2004 - HTTP
        )


def _read(body: bytes) -> dict[str, Any]:
    """The answer, or nothing where it is none: a page of some proxy on the way."""
    if len(body) > _LARGEST_ANSWER:
        return {}
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _code(status: int, told: dict[str, Any]) -> int:
    """The code that Zalo means: it may stand in an answer that is 200 for HTTP."""
    if status != httpx.codes.OK:
        return status
    if told.get("ok") is True:
        return status
    code = told.get("error_code")
    return code if isinstance(code, int) and code >= 400 else httpx.codes.BAD_GATEWAY  # noqa: PLR2004 - HTTP
