"""An installation for each drive, from guides that are indexed once a session."""

from __future__ import annotations

import pytest

from tests.bot.program import Program, ripe_program


@pytest.fixture(scope="session")
def ripe(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program whose guides are indexed. Read only."""
    return ripe_program(tmp_path_factory.getbasetemp() / "ripe")
