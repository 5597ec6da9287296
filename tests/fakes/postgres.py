"""The databases of the tests: files, and the real PostgreSQL."""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTGRES = os.environ.get("BINHAN_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@contextmanager
def server() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to the server; its absence skips, except in the continuous integration."""
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        opened = psycopg.connect(plain, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("PostgreSQL does not answer")
    with opened:
        yield opened


DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.services)]


@contextmanager
def schema_url() -> Iterator[str]:
    """The address of an empty schema of its own on the real server; it goes in the end."""
    schema = f"binhan_test_{uuid.uuid4().hex}"
    with server() as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        try:
            yield f"{POSTGRES}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


@contextmanager
def empty_database(kind: str, file: Path) -> Iterator[str]:
    """The address of an empty database of *kind* (one of `DATABASES`): *file*, or a schema of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{file}"
        return
    with schema_url() as url:
        yield url
