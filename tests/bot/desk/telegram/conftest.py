"""A room for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.desk.telegram.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def room(tmp_path: Path, station_keys: Path) -> Iterator[Room]:
    opened = Room(tmp_path, station_keys)
    yield opened
    opened.close()
