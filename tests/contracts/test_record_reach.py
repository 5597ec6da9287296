"""A record that cannot be reached says so, and tells nothing of where it is or who may enter."""

from __future__ import annotations

import traceback
import uuid
from typing import TYPE_CHECKING

import pytest

from knowledge.errors import KnowledgeUnavailable
from knowledge.record.store import Record
from tests.fakes.postgres import POSTGRES, server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def broken_file(folder: Path) -> str:
    (folder / "broken.sqlite3").write_bytes(b"sesame is no database" * 100)
    return f"sqlite:///{folder / 'broken.sqlite3'}"


@pytest.mark.parametrize(
    "make",
    [
        lambda _: "postgresql+psycopg://ali:sesame@127.0.0.1:1/sesame_db",
        lambda folder: f"sqlite:///{folder}/sesame/none.sqlite3",
        broken_file,
    ],
    ids=["nobody listens", "no folder", "broken file"],
)
def test_an_unreachable_database_says_so_and_nothing_else(
    make: Callable[[Path], str], tmp_path: Path
) -> None:
    """Neither the URL nor the password stands in the error or in its traceback's last words."""
    url = make(tmp_path)
    with pytest.raises(KnowledgeUnavailable) as caught:
        Record.open(url)
    told = "".join(traceback.format_exception_only(caught.value)) + repr(caught.value.fields)
    assert "sesame" not in told
    assert url not in told
    assert caught.value.__suppress_context__


@pytest.mark.services
def test_a_database_that_goes_away_is_unavailable() -> None:
    """The server was stopped, or threw us out, after the record was opened."""
    name = f"binhan_test_{uuid.uuid4().hex}"
    with server() as connection:
        connection.execute(f"CREATE DATABASE {name}")
        record = Record.open(f"{POSTGRES.rpartition('/')[0]}/{name}")
        try:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            with pytest.raises(KnowledgeUnavailable):
                record.hashes("guide:")
        finally:
            record.close()
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
