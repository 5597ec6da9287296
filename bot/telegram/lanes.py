"""
Who is handled when: one conversation in order, conversations beside each other, nothing confirmed unhandled.

`Ledger` knows which updates are not handled yet; `Lanes` hands them to the receivers, one lane a chat.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final

from bot.telegram.errors import TelegramAway, TooFast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.telegram.model import Arrived
    from bot.telegram.ports import Receiver

_LOG = logging.getLogger(__name__)

ALBUM_S: Final = 0.8  # how long the next photo of an album is waited for
ALBUM_LIMIT: Final = 30  # Telegram's own is ten; a forged one must not hold its lane for ever
AT_ONCE: Final = 32  # conversations handled at the same time
REMEMBERED: Final = 20_000  # handled updates that are known again
AGAIN_S: Final = (1.0, 3.0, 10.0, 30.0)  # between tries when Telegram is out of reach
LONGEST_WAIT_S: Final = 60.0


class Ledger:
    """Which updates came and are not handled. Not safe between threads."""

    def __init__(self) -> None:
        self._open: dict[int, asyncio.Future[None]] = {}
        self._handled: OrderedDict[int, None] = OrderedDict()
        self._highest = -1

    def take(self, number: int) -> bool:
        """Whether update *number* is new; one that is being handled, or was, is not."""
        if number in self._open or number in self._handled:
            return False
        self._open[number] = asyncio.get_running_loop().create_future()
        self._highest = max(self._highest, number)
        return True

    def settle(self, number: int) -> None:
        """Update *number* was handled."""
        done = self._open.pop(number, None)
        self._handled[number] = None
        while len(self._handled) > REMEMBERED:
            self._handled.popitem(last=False)
        if done is not None and not done.done():
            done.set_result(None)

    async def wait(self, number: int) -> None:
        """Until update *number* was handled."""
        if (waiting := self._open.get(number)) is not None:
            await asyncio.shield(waiting)

    @property
    def offset(self) -> int:
        """The first update to ask for: everything below it was handled. 0: nothing came yet."""
        return min(self._open, default=self._highest + 1)

    @property
    def is_settled(self) -> bool:
        """Whether everything that came was handled."""
        return not self._open


class Lanes:
    """Hands updates to *receivers*, the first that wants one."""

    def __init__(self, receivers: Sequence[Receiver], ledger: Ledger, *, album_s: float = ALBUM_S) -> None:
        self._receivers = tuple(receivers)
        self._ledger = ledger
        self._album_s = album_s
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._queues: dict[int, deque[Arrived]] = {}
        self._fresh: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._handled = asyncio.Event()  # set whenever an update was

    def put(self, arrived: Arrived) -> None:
        """Queue *arrived* behind what its chat wrote before."""
        queue = self._queues.get(arrived.chat)
        if queue is not None:
            queue.append(arrived)
            self._fresh[arrived.chat].set()
            return
        self._queues[arrived.chat] = deque((arrived,))
        self._fresh[arrived.chat] = asyncio.Event()
        task = asyncio.create_task(self._run(arrived.chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Until everything that came was handled."""
        while not self._ledger.is_settled:
            self._handled.clear()
            await self._handled.wait()

    async def drain(self, seconds: float) -> bool:
        """Wait for what is being handled; whether all of it was. The rest comes again after a restart."""
        if not self._tasks:
            return True
        _, left = await asyncio.wait(self._tasks, timeout=seconds)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return not left

    async def _run(self, chat: int) -> None:
        queue = self._queues[chat]
        try:
            while queue:
                together = [queue.popleft()]
                if together[0].album:
                    await self._gather(chat, together)
                async with self._gate:
                    await self._handle(together)
                for arrived in together:
                    self._ledger.settle(arrived.update_id)
                self._handled.set()
        finally:
            del self._queues[chat], self._fresh[chat]

    async def _gather(self, chat: int, together: list[Arrived]) -> None:
        """Add the other messages of an album, which come one by one."""
        queue, album = self._queues[chat], together[0].album
        while len(together) < ALBUM_LIMIT:
            if not queue:
                self._fresh[chat].clear()
                try:
                    await asyncio.wait_for(self._fresh[chat].wait(), self._album_s)
                except TimeoutError:
                    return
            if queue[0].album != album or queue[0].kind != together[0].kind:
                return
            together.append(queue.popleft())

    async def _handle(self, together: list[Arrived]) -> None:
        receiver = next((one for one in self._receivers if one.wants(together[0])), None)
        if receiver is None:
            return
        for wait_s in (*AGAIN_S, None):
            try:
                await receiver.handle(together)
            except TooFast as fast:
                pause = min(fast.retry_after_s, LONGEST_WAIT_S)
            except TelegramAway:
                pause = wait_s or 0.0
            except Exception as error:  # noqa: BLE001 - its words may quote a message; the lane goes on
                _LOG.error("update: %s", type(error).__name__)
                return
            else:
                return
            if wait_s is None:
                _LOG.warning("update: given up")
                return
            await asyncio.sleep(pause)
