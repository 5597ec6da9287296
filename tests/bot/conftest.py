"""The real program on three small guides: indexed once, copied wherever a test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.program import Program, Service, ripe_program
from tests.bot.talking import Talker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def ripe(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program whose guides are indexed. Read only: what writes takes `program`."""
    return ripe_program(tmp_path_factory.getbasetemp() / "ripe")


@pytest.fixture
def program(ripe: Program, tmp_path) -> Program:
    """A program whose guides are indexed, to do anything with."""
    return ripe.on_a_copy(tmp_path / "data")


@pytest.fixture(scope="session")
def served(ripe: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Service]]:
    """A program whose service is running, and the service. Leave the guides as they are."""
    program = ripe.on_a_copy(tmp_path_factory.mktemp("served") / "data")
    with program.serving() as service:
        yield program, service
        assert "Traceback" not in service.said


@pytest.fixture(scope="session")
def service(served: tuple[Program, Service]) -> Service:
    """A running service."""
    return served[1]


@pytest.fixture
def talker() -> Iterator[Talker]:
    """Somebody in a conversation about a tip."""
    talking = Talker()
    yield talking
    talking.close()
