"""The record on each of its databases, empty."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from knowledge.record.store import Record
from tests.fakes.postgres import POSTGRES, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file, or a schema of its own on the real server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.sqlite3'}"
        return
    schema = f"binhan_test_{uuid.uuid4().hex}"
    with server() as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


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
