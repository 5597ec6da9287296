"""The book of members on each of its databases, empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.members.store import MembersBook
from tests.fakes.clocks import HandClock
from tests.fakes.postgres import DATABASES, empty_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file, or a schema of its own on the real server."""
    with empty_database(request.param, tmp_path / "members.sqlite3") as address:
        yield address


@pytest.fixture
def opened(url: str, tmp_path: Path, clock: HandClock) -> Iterator[Callable[[], MembersBook]]:
    """Opens the book again, as another process does; all are closed in the end."""
    books: list[MembersBook] = []

    def again() -> MembersBook:
        books.append(MembersBook.open(url, tmp_path / "account-key", clock))
        return books[-1]

    yield again
    for book in books:
        book.close()


@pytest.fixture
def book(opened: Callable[[], MembersBook]) -> MembersBook:
    return opened()
