"""The real PostgreSQL that the tests use."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

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
