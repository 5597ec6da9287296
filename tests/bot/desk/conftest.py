"""A station for each test; its keys are made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.desk.station import Station, make_keys
from tests.fakes.postgres import DATABASES, empty_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def station_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the keys of all units lie."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder


@pytest.fixture(scope="session")
def ripe_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty library, to be copied."""
    from tests.bot.desk.paper_station import ripen  # not for who needs no documents: it imports their readers

    return ripen(tmp_path_factory.mktemp("ripe-library"))


@pytest.fixture
def locked(tmp_path: Path, station_keys: Path) -> Iterator[Station]:
    """A station whose officers have not come in yet."""
    station = Station(tmp_path, station_keys)
    yield station
    station.close()


@pytest.fixture
def station(locked: Station) -> Station:
    """A station with every unit unlocked."""
    return locked.unlock()


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file, or a schema of its own on the real server."""
    with empty_database(request.param, tmp_path / "desk.sqlite3") as address:
        yield address
