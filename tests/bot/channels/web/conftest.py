"""The web chat with a fake that answers, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from bot.channels.web.server import create_app
from bot.channels.web.tip_site import WebTips
from tests.fakes.asking import FakeAsking
from tests.fakes.tip_office import TipOffice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def asking() -> FakeAsking:
    return FakeAsking()


@pytest.fixture
def client(asking: FakeAsking) -> Iterator[TestClient]:
    with TestClient(create_app(asking), base_url="http://localhost", raise_server_exceptions=True) as started:
        yield started


@pytest.fixture
def office(tmp_path: Path) -> Iterator[TipOffice]:
    """Two units, their keys, a store and the real intake."""
    made = TipOffice(tmp_path / "tips")
    yield made
    made.store.close()


@pytest.fixture
def tip_client(asking: FakeAsking, office: TipOffice) -> Iterator[TestClient]:
    """The web chat with tips."""
    tips = WebTips(intake=office.intake, book=office.book, public_keys=office.public_keys)
    with TestClient(create_app(asking, tips=tips), base_url="http://localhost") as started:
        yield started
