"""Updates delivered to the bot's own address, again and again until it says 2xx."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.fakes.telegram.updates import Hook, Update
    from tests.fakes.telegram.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


class Delivery:
    """
    Lives in the server's event loop.

    Updates of one chat go one after another, those of different chats at the same time; a chat whose update
    is refused waits, the others do not.
    """

    def __init__(self, world: World, loop: asyncio.AbstractEventLoop) -> None:
        self._world = world
        self._loop = loop
        self._client: httpx.AsyncClient | None = None  # it is slow to make, and seldom needed
        self._hook: Hook = world.updates.hook
        self._slots = asyncio.Semaphore(1)
        self._lanes: dict[int, deque[Update]] = {}
        self._taken: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_paused = False
        world.updates.on_push.append(self._pushed)

    def _pushed(self, update: Update) -> None:
        self._loop.call_soon_threadsafe(self._enter, update)

    async def stop(self) -> None:
        self._world.updates.on_push.remove(self._pushed)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def changed(self) -> None:
        """The webhook was set or taken away: begin anew with what waits."""
        self._hook = self._world.updates.hook
        self._slots = asyncio.Semaphore(self._hook.max_connections)
        self._lanes, self._taken = {}, set()
        if self._hook.url:
            if self._client is None:
                self._client = httpx.AsyncClient(trust_env=False, verify=False)  # noqa: S501 - our own loopback
            for update in list(self._world.updates.pending.values()):
                self._enter(update)

    def _enter(self, update: Update) -> None:
        if not self._hook.url or update.id in self._taken or update.id not in self._world.updates.pending:
            return
        self._taken.add(update.id)
        lane = self._lanes.get(update.lane)
        if lane is None:
            lane = self._lanes[update.lane] = deque()
            task = self._loop.create_task(self._drive(update.lane, lane, self._hook))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append(update)

    async def _drive(self, number: int, lane: deque[Update], hook: Hook) -> None:
        wait_s = hook.first_wait_s
        while lane and hook is self._hook:
            update = lane[0]
            if update.id not in self._world.updates.pending:
                lane.popleft()
                continue
            async with self._slots:
                fault = "Connection refused" if self.is_paused else await self._post(update, hook)
            with self._world.lock:
                if not fault:
                    lane.popleft()
                    self._taken.discard(update.id)
                    self._world.updates.delivered(update)
                    wait_s = hook.first_wait_s
                elif not self.is_paused:
                    hook.last_error, hook.last_error_at = fault, int(self._world.now())
                    hook.failures += 1
                self._world.notify()
            if fault:
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, hook.longest_wait_s)
        if self._lanes.get(number) is lane:
            del self._lanes[number]

    async def _post(self, update: Update, hook: Hook) -> str:
        """Deliver once; gives what went wrong, or ""."""
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers[SECRET_HEADER] = hook.secret
        assert self._client is not None
        try:
            answer = await self._client.post(
                hook.url, content=update.raw.encode(), headers=headers, timeout=hook.timeout_s
            )
        except httpx.TimeoutException:
            return "Read timeout expired"
        except (httpx.HTTPError, httpx.InvalidURL):
            return "Connection refused"
        if answer.is_success:
            return ""
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
