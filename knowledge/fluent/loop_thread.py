"""
One thread with an event loop, so that code with threads can give up on what the network does.

A blocking call cannot be taken back; a task on a loop can be cancelled at any byte, which closes its
connection. So nobody is left waiting for a server that hangs or drips.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

Value = TypeVar("Value")

GRACE_S: Final = 0.25  # beyond its own deadline that a task gets to be cancelled
_CLOSING_S: Final = 5.0
_RESOLVERS: Final = 4  # threads that look names up; a lookup cannot be cancelled, so they are few


class LoopThread:
    """Runs coroutines for other threads. The thread starts with the first of them."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def run(self, work: Coroutine[Any, Any, Value], seconds: float) -> Value:
        """
        What *work* gives within *seconds*.

        Raises:
            TimeoutError: It did not; it is cancelled.
            Whatever *work* raises.
        """
        # Under the lock, so that `close` comes after what was begun and cancels it.
        with self._lock:
            if self._is_closed:
                work.close()
                raise TimeoutError
            future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), self._started())
        try:
            return future.result(seconds + GRACE_S)
        except (CancelledError, TimeoutError):  # the first where `close` came in between
            future.cancel()
            raise TimeoutError from None

    def close(self) -> None:
        """Cancel what runs and end the thread, within seconds."""
        with self._lock:
            self._is_closed = True
            loop, thread = self._loop, self._thread
        if loop is None or thread is None or not thread.is_alive():
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_CLOSING_S)

    def _started(self) -> asyncio.AbstractEventLoop:
        """The running loop. The lock is held."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._loop.set_default_executor(
                ThreadPoolExecutor(_RESOLVERS, thread_name_prefix=f"{self._name}-names")
            )
            # A daemon: the end of the program waits for no model.
            self._thread = threading.Thread(target=_turn, args=(self._loop,), name=self._name, daemon=True)
            self._thread.start()
        return self._loop


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(_cancel_all(loop))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1.0)
