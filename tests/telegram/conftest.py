"""A fake Telegram, and the real library that speaks to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from tests.fakes.telegram.fake import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from telegram import Update


class RealBot:
    """python-telegram-bot's own `Bot`, called one after another."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._runner = asyncio.Runner()
        self.bot = library_bot(fake)
        self._offset = 0
        self.do(self.bot.initialize())

    def close(self) -> None:
        self.do(self.bot.shutdown())
        self._runner.close()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def refused(self, work: Coroutine[Any, Any, Any]) -> str:
        """What the library says that Telegram answered, in small letters: it changes some of them."""
        with pytest.raises(TelegramError) as raised:
            self.do(work)
        return f"{type(raised.value).__name__}: {raised.value.message}".lower()

    def updates(self, **how: Any) -> list[Update]:
        """What is new since the last time; those seen before are confirmed."""
        found = list(self.do(self.bot.get_updates(self._offset, **how)))
        if found:
            self._offset = found[-1].update_id + 1
        return found


def library_bot(fake: FakeTelegram, token: str = "") -> Bot:
    """A real `Bot` for the fake; its two clients read no certificates, which takes long."""
    requests = [
        HTTPXRequest(read_timeout=30, httpx_kwargs={"trust_env": False, "verify": False}) for _ in range(2)
    ]
    return Bot(
        token or fake.token,
        base_url=f"{fake.api}/bot",
        base_file_url=f"{fake.api}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    """A Telegram that ends the test with a failure if the bot did what no well-behaved bot does."""
    with FakeTelegram() as telegram:
        yield telegram
    telegram.check()


@pytest.fixture
def real(fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealBot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the library warns without it
    driven = RealBot(fake)
    yield driven
    driven.close()
