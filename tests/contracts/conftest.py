"""The record on each of its databases, empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.record.store import Record
from tests.fakes.postgres import DATABASES, empty_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file, or a schema of its own on the real server."""
    with empty_database(request.param, tmp_path / "record.sqlite3") as address:
        yield address


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Record]]:
    """Opens the database again, as a restarted process does; all are closed in the end."""
    records: list[Record] = []

    def again() -> Record:
        records.append(Record.open(url))
        return records[-1]

    yield again
    for record in records:
        record.close()


@pytest.fixture
def record(opened: Callable[[], Record]) -> Record:
    return opened()
