"""Officers at the web desk of a station."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.desk.web.officer import Officer, app_of

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tests.bot.desk.station import Station


@pytest.fixture
def app(station: Station) -> Starlette:
    """The web desk of an unlocked station."""
    return app_of(station)


@pytest.fixture
def officer(station: Station, app: Starlette) -> Officer:
    """An officer of ward A, signed in, their unit unlocked."""
    return Officer(station, app=app).come_in()


@pytest.fixture
def supervisor(station: Station, app: Starlette) -> Officer:
    """A supervisor of ward A, at a browser of their own."""
    return Officer(station, app=app).come_in(role="supervisor")
