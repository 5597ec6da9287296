"""A fake Telegram and the real channel that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.post import Post

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram
    telegram.check()


@pytest.fixture
def post(fake: FakeTelegram) -> Iterator[Post]:
    """The channel with hand-written parts behind it."""
    with Post(fake) as running:
        yield running
