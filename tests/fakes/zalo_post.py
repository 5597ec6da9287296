"""The Zalo bot in a thread of the test: the real channel and client, and a fake Zalo over HTTP."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bot.channels.zalo.channel import ZaloChannel
from bot.pace import Pace
from bot.zalo.client import ZaloClient
from bot.zalo.running import RunningZalo
from tests.fakes.asking import FakeAsking
from tests.fakes.zalo import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.messages import AskPort
    from tests.fakes.zalo import FakeZalo

PATIENCE_S = 60.0
TIP_PAGE = "https://binhan.example/bao-tin"
FOLLOW_PAGE = "https://binhan.example/theo-doi"


class ZaloPost:
    """Between `with` and its end the bot answers. `told` is what the operator was told."""

    def __init__(  # noqa: PLR0913 - each has a default
        self,
        fake: FakeZalo,
        *,
        asking: AskPort | None = None,
        pace: Pace | None = None,
        tip_page: str = TIP_PAGE,
        follow_page: str = FOLLOW_PAGE,
        webhook: str = "",
        token: str = TOKEN,
        api: str = "",
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.asking = asking or FakeAsking()
        self.told: list[str] = []
        self._begun = threading.Event()
        self._fake = fake
        self._pace = pace or Pace()
        self._pages = {"tip_page": tip_page, "follow_page": follow_page}
        self._seconds = seconds
        self._webhook, self._token, self._api = webhook, token, api or fake.api
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="zalo")
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(RuntimeError):  # it ended by itself
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def wait_told(self) -> str:
        """What the operator is told first."""
        assert self._begun.wait(PATIENCE_S)
        return self.told[0]

    def ask(self, words: str, *, chat: str) -> str:
        """What the bot answers *words*, all its messages joined; for one asker at a time."""
        before = len(self._fake.said)
        self._fake.write(words, chat=chat)
        self._fake.wait(lambda fake: len(fake.said) > before)
        while not self.bot.is_idle:
            time.sleep(0.002)
        return "\n\n".join(told for _, told in self._fake.said[before:])

    def receive(self, secret: str, body: bytes) -> str:
        """Give the bot what came to its webhook."""
        received = self.bot.receive(secret, body)
        return asyncio.run_coroutine_threadsafe(received, self._loop).result(PATIENCE_S)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        client = ZaloClient(self._api, self._token)
        channel = ZaloChannel(
            client, self.asking, self._pace, name="Bình An", seconds=self._seconds, **self._pages
        )
        self.bot = RunningZalo(
            client,
            channel,
            token=self._token,
            webhook=self._webhook,
            wait_s=1,
            on_start=self._tell,
            on_trouble=self._tell,
        )
        self._task = asyncio.create_task(self.bot.run())
        self._ready.set()
        await asyncio.wait([self._task])

    def _tell(self, what: str) -> None:
        self.told.append(what)
        self._begun.set()
