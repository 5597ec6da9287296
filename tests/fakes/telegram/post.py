"""
The public side of Telegram in a thread of the test: the real channel and library, and a fake Telegram.

What stands behind the channel is the test's choice: an `AskPort`, an office for tips, members, notices.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

from bot.pace import Pace
from bot.telegram.gateway import Gateway
from bot.telegram.library import make_bot
from bot.telegram.running import RunningBot
from bot.telegram_room import PublicParts, public_side
from tests.fakes.asking import FakeAsking
from tests.fakes.listening_office import ListeningOffice
from tips.units import UnitBook, development_units

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.members.store import MembersBook
    from bot.messages import AskPort
    from bot.notices.notices import Notices
    from tests.fakes.telegram.fake import FakeTelegram

PATIENCE_S = 20.0


class Room:
    """What the channel needs of `bot.tips_room.TipsRoom`, around any office."""

    def __init__(self, office: Any, book: UnitBook) -> None:
        self.intake, self.book, self.store = office, book, self

    def muted_since(self, day: Any) -> list[str]:
        """Nobody is muted here."""
        del day
        return []


class Post:
    """Between `with` and its end the bot answers."""

    def __init__(  # noqa: PLR0913 - each has a default
        self,
        fake: FakeTelegram,
        *,
        asking: AskPort | None = None,
        office: Any = None,
        book: UnitBook | None = None,
        members: MembersBook | None = None,
        notices: Notices | None = None,
        pace: Pace | None = None,
        admin_chats: tuple[int, ...] = (),
        new_receipt: Callable[[], Any] | None = None,
    ) -> None:
        self.fake = fake
        self.book = book or UnitBook.parse(development_units())
        self.asking = asking or FakeAsking()
        self.office = office or ListeningOffice(self.book)
        self.told: list[str] = []
        self._parts: dict[str, Any] = {"members": members, "notices": notices, "pace": pace or Pace()}
        self._admin_chats = admin_chats
        self._new_receipt = new_receipt
        self._thread = threading.Thread(target=self._run, name="post")
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run *work* where the channel runs."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        gateway = Gateway(make_bot(self.fake.token, self.fake.api))
        with ThreadPoolExecutor(4) as workers:
            room: Any = Room(self.office, self.book)
            parts = PublicParts(asking=self.asking, workers=workers, tips=room, **self._parts)
            channel, beside = public_side(gateway, parts, name="Bình An", admin_chats=self._admin_chats)
            bot = RunningBot(
                gateway,
                [channel],
                token=self.fake.token,
                beside=beside,
                on_start=lambda _: self._ready.set(),
            )
            self._task = asyncio.create_task(bot.run())
            await asyncio.gather(self._task, return_exceptions=True)
