"""
How updates come in: asked for, or sent to our own server. Either way none is confirmed before it was handled.

Polling asks for the first update that is not handled; Telegram then gives again what is being handled now,
which the ledger knows. The webhook answers 200 once its update was handled.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal

from bot.telegram.errors import BadToken, TelegramAway, TelegramFault, TelegramRefused, TooFast
from bot.telegram.lanes import Lanes, Ledger
from bot.telegram.reading import WANTED_UPDATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.telegram.gateway import Gateway
    from bot.telegram.ports import Receiver

_LOG = logging.getLogger(__name__)

WAIT_S: Final = 25  # of one long poll
FRESH_S: Final = 0.05  # between looks while something is being handled and more comes: each look costs a call
BUSY_S: Final = 0.1  # the same while nothing new comes
LONGEST_BACK_OFF_S: Final = 30.0
DRAIN_S: Final = 10.0
BODY_LIMIT: Final = 1_000_000  # bytes of an update
WINDOW: Final = 100  # updates Telegram gives at once
Verdict = Literal["handled", "refused", "broken", "busy"]


class Feed:
    """The updates of one bot, from `run` until it is cancelled."""

    def __init__(self, gateway: Gateway, receivers: Sequence[Receiver], *, wait_s: int = WAIT_S) -> None:
        self._gateway = gateway
        self._wait_s = wait_s
        self._ledger = Ledger()
        self._lanes = Lanes(receivers, self._ledger)
        self._secret = secrets.token_urlsafe(32)
        self._is_open = False

    async def poll(self) -> None:
        """
        Ask for updates, for ever; after a cancellation what is being handled is finished and confirmed.

        Raises:
            BadToken: Somebody took the token back.
        """
        pause = 0.0
        self._is_open = True
        try:
            while True:
                await asyncio.sleep(pause)
                try:
                    await self._ask()
                    pause = 0.0
                except BadToken:
                    raise
                except TooFast as fast:
                    pause = fast.retry_after_s
                except TelegramRefused as refused:
                    pause = await self._after_refusal(refused, pause)
                except TelegramAway:
                    pause = min(max(1.0, pause * 2), LONGEST_BACK_OFF_S)
                except Exception as error:  # noqa: BLE001 - nothing may end the polling in silence
                    _LOG.error("telegram: %s", type(error).__name__)
                    pause = min(max(1.0, pause * 2), LONGEST_BACK_OFF_S)
        finally:
            self._is_open = False
            await self._finish()

    async def serve_webhook(self, url: str) -> None:
        """Have updates sent to *url* from now on, until cancelled; the webhook stays, and they wait there."""
        self._is_open = True
        try:
            pause = 1.0
            while True:
                try:
                    await self._gateway.set_webhook(url, self._secret, WANTED_UPDATES)
                except BadToken:
                    raise
                except TelegramFault:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_BACK_OFF_S)
                    continue
                await asyncio.Event().wait()
        finally:
            self._is_open = False
            await self._lanes.drain(DRAIN_S)

    async def receive(self, secret: str, body: bytes) -> Verdict:
        """
        One update that was sent to our server; returns once it was handled.

        Args:
            secret: The header `X-Telegram-Bot-Api-Secret-Token`.
            body: As it came.
        """
        if not hmac.compare_digest(secret.encode("utf-8", "replace"), self._secret.encode()):
            return "refused"
        if not self._is_open:
            return "busy"
        try:
            raw = json.loads(body)
            number = raw["update_id"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return "broken"
        if not isinstance(number, int):
            return "broken"
        self._take(raw)
        await self._ledger.wait(number)
        return "handled" if self._is_open else "busy"

    async def _ask(self) -> None:
        is_settled = self._ledger.is_settled
        found = await self._gateway.updates(
            self._ledger.offset, self._wait_s if is_settled else 0, WANTED_UPDATES
        )
        is_new = [self._take(raw) for raw in found]
        # What Telegram gives next is mostly in our hands already: look again once all of it is done, or soon.
        with suppress(TimeoutError):
            async with asyncio.timeout(FRESH_S if any(is_new) else BUSY_S):
                await self._lanes.settled()

    def _take(self, raw: Mapping[str, Any]) -> bool:
        """Queue an update that is new; one that cannot be read counts as handled."""
        number = raw.get("update_id")
        if not isinstance(number, int) or not self._ledger.take(number):
            return False
        arrived = self._gateway.read(raw)
        if arrived is None or arrived.kind == "other":
            self._ledger.settle(number)
        else:
            self._lanes.put(arrived)
        return True

    async def _after_refusal(self, refused: TelegramRefused, pause: float) -> float:
        """Seconds to wait. A conflict is a webhook set earlier, or another program with our token."""
        if refused.reason == "conflict":
            with suppress(TelegramFault):
                if await self._gateway.webhook_url():
                    await self._gateway.drop_webhook()
                    return 0.0
            _LOG.warning("telegram: conflict")
        return min(max(1.0, pause * 2), LONGEST_BACK_OFF_S)

    async def _finish(self) -> None:
        """Finish what is being handled, and confirm it, so that it does not come again."""
        await self._lanes.drain(DRAIN_S)
        with suppress(TelegramFault, asyncio.CancelledError):
            await self._gateway.updates(self._ledger.offset, 0, WANTED_UPDATES)
