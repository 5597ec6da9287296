"""The web chat with a fake that answers, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from bot.channels.web.server import create_app
from tests.fakes.asking import FakeAsking

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def asking() -> FakeAsking:
    return FakeAsking()


@pytest.fixture
def client(asking: FakeAsking) -> Iterator[TestClient]:
    with TestClient(create_app(asking), base_url="http://localhost", raise_server_exceptions=True) as started:
        yield started
