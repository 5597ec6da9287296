"""
One bot of Zalo from its first word to its last: updates in, each chat in order, chats beside each other.

Zalo keeps no update for us: what a crash interrupts is lost, and asked again by whoever wrote. So nothing
that must not be lost is taken in here; tips are left on the web page.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections import OrderedDict, deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal, Protocol

from bot.zalo.client import BadZaloToken, ZaloFault
from bot.zalo.model import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.zalo.client import ZaloClient
    from bot.zalo.model import Arrived

_LOG = logging.getLogger(__name__)

WAIT_S: Final = 25  # of one long poll
LONGEST_BACK_OFF_S: Final = 60.0
DRAIN_S: Final = 10.0
SWEEP_S: Final = 60.0
QUEUE_LIMIT: Final = 20  # messages of one chat that wait; who writes faster is not waited for
REMEMBERED: Final = 10_000  # messages that are known again
BODY_LIMIT: Final = 200_000  # bytes of an update

Verdict = Literal["taken", "refused", "broken", "busy"]
Trouble = Literal["bad_token", "away", "webhook_refused"]


class Answers(Protocol):
    """Who answers messages."""

    async def handle(self, arrived: Arrived) -> None:
        """Answer one message. Faults of Zalo may leave; whatever else does is logged by its type."""
        ...

    def sweep(self) -> None:
        """Forget what lies idle."""
        ...


class _WebhookRefused(Exception):
    """Zalo does not send to that address, however often it is asked."""


class RunningZalo:
    """A bot with who answers, to be run as one task."""

    def __init__(  # noqa: PLR0913 - one thing each
        self,
        client: ZaloClient,
        answers: Answers,
        *,
        token: str,
        webhook: str = "",
        wait_s: int = WAIT_S,
        on_start: Callable[[str], None] = lambda _: None,
        on_trouble: Callable[[Trouble], None] = lambda _: None,
    ) -> None:
        """
        Put a bot together.

        Args:
            client: Closed at the end.
            answers: Who answers.
            token: Only to name the path of the webhook, by its hash.
            webhook: Public https address of our server; "": we ask for updates ourselves.
            wait_s: Seconds of one long poll.
            on_start: Told the bot's name once it is there.
            on_trouble: Told why it is not, the first time.
        """
        self.path = f"/zalo/{hashlib.sha256(token.encode()).hexdigest()[:24]}"
        self._client = client
        self._answers = answers
        self._webhook = f"{webhook.rstrip('/')}{self.path}" if webhook else ""
        self._wait_s = wait_s
        self._on_start = on_start
        self._on_trouble = on_trouble
        self._secret = secrets.token_urlsafe(32)
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._queues: dict[str, deque[Arrived]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = False

    @property
    def is_idle(self) -> bool:
        """Whether everything that came was answered."""
        return not self._queues

    async def run(self) -> None:
        """Serve until cancelled; a wrong token ends it, an unreachable Zalo does not."""
        beside: list[asyncio.Task[None]] = []
        async with self._client:
            try:
                self._on_start(await self._begun())
                self._is_open = True
                beside.append(asyncio.create_task(self._sweep()))
                if self._webhook:
                    await asyncio.Event().wait()
                await self._poll()
            except BadZaloToken:
                self._on_trouble("bad_token")
            except _WebhookRefused:
                self._on_trouble("webhook_refused")
            finally:
                self._is_open = False
                for task in beside:
                    task.cancel()
                await self._drain()

    async def receive(self, secret: str, body: bytes) -> Verdict:
        """
        One update that was sent to our server.

        Args:
            secret: The header `X-Bot-Api-Secret-Token`.
            body: As it came.
        """
        if not hmac.compare_digest(secret.encode("utf-8", "replace"), self._secret.encode()):
            return "refused"
        if not self._is_open:
            return "busy"
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return "broken"
        self._take(raw)
        return "taken"

    async def _begun(self) -> str:
        """Wait until Zalo knows us, and where updates go; gives the bot's name."""
        pause = 1.0
        while True:
            try:
                name = await self._client.name()
                await self._direct_updates()
            except ZaloFault:
                if pause == 1.0:
                    self._on_trouble("away")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_BACK_OFF_S)
            else:
                return name

    async def _direct_updates(self) -> None:
        """Have updates come to our server, or wait for us."""
        try:
            if self._webhook:
                self._is_open = True  # the first message may come before the answer
                await self._client.set_webhook(self._webhook, self._secret)
            else:
                await self._client.drop_webhook()
        except ZaloFault as fault:
            if fault.reason != "refused":
                raise
            if self._webhook:
                raise _WebhookRefused from None
            # There was none to drop.

    async def _poll(self) -> None:
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            begun = time.monotonic()
            try:
                found = await self._client.updates(self._wait_s)
            except ZaloFault:
                pause = min(max(1.0, pause * 2), LONGEST_BACK_OFF_S)
                continue
            for raw in found:
                self._take(raw)
            # An empty answer should have taken its time; where it did not, we do.
            pause = 0.0 if found or time.monotonic() - begun > 1.0 else 1.0

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self._answers.sweep()

    def _take(self, raw: object) -> None:
        """Queue a message that is new behind what its chat wrote before."""
        arrived = read(raw)
        if arrived is None or arrived.key in self._seen:
            return
        self._seen[arrived.key] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        queue = self._queues.get(arrived.chat)
        if queue is None:
            self._queues[arrived.chat] = deque((arrived,))
            task = asyncio.create_task(self._answer_all(arrived.chat))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif len(queue) < QUEUE_LIMIT:
            queue.append(arrived)

    async def _answer_all(self, chat: str) -> None:
        queue = self._queues[chat]
        try:
            while queue:
                await self._answer(queue.popleft())
        finally:
            del self._queues[chat]

    async def _answer(self, arrived: Arrived) -> None:
        try:
            await self._answers.handle(arrived)
        except (ZaloFault, BadZaloToken):
            _LOG.warning("zalo: answer given up")
        except Exception as error:  # noqa: BLE001 - its words may quote what was written
            _LOG.error("zalo: %s", type(error).__name__)

    async def _drain(self) -> None:
        """Let what is being answered be finished."""
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=DRAIN_S)
            for task in left:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*left, return_exceptions=True)
