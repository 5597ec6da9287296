"""python-telegram-bot itself: how it reaches Telegram, and what it must not write."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from telegram import Bot
from telegram.request import HTTPXRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONNECT_S: Final = 10.0
ANSWER_S: Final = 15.0
SLACK_S: Final = 10.0  # beyond a long poll, before it counts as lost
_POOL: Final = 40  # connections for everything but polling; each call looks at all of them


class RawBot(Bot):
    """A `Bot` whose updates come as Telegram wrote them, so that one broken update spoils no other."""

    async def raw_updates(self, offset: int, wait_s: int, wanted: Sequence[str]) -> list[Mapping[str, Any]]:
        """Updates from *offset* on; asking for them confirms those before."""
        asked = {"offset": offset, "timeout": wait_s, "allowed_updates": list(wanted), "limit": 100}
        found = await self._post("getUpdates", asked, read_timeout=wait_s + SLACK_S)
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    async def raw_call(self, method: str, **asked: Any) -> Mapping[str, Any]:
        """What *method* answers, as it was written: the library's types refuse objects of older servers."""
        found = await self._post(method, asked)
        return found if isinstance(found, dict) else {}


def make_bot(token: str, api: str, proxy: str = "") -> RawBot:
    """
    A bot that speaks to the Bot API at *api*, through *proxy* if there is one.

    Raises:
        telegram.error.InvalidToken: There is no token at all.
    """
    os.environ["PTB_TIMEDELTA"] = "1"  # without it the library warns of its own numbers at every 429
    base = api.rstrip("/")
    return RawBot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(_POOL, proxy),
        get_updates_request=_request(1, proxy),
    )


def seconds_of(value: float | timedelta) -> float:
    """Seconds, whichever way this version of the library tells them."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _request(pool: int, proxy: str) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=pool,
        connect_timeout=CONNECT_S,
        read_timeout=ANSWER_S,
        write_timeout=ANSWER_S,
        pool_timeout=ANSWER_S,
        proxy=proxy or None,
        httpx_kwargs={"trust_env": False},  # a proxy is a setting, never found in the environment by chance
    )
