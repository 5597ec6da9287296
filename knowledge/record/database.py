"""Opens the record's database, SQLite or PostgreSQL, and lends its connections."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError, SQLAlchemyError

from knowledge.errors import KnowledgeUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_MAPPED = 512_000_000  # bytes of the file read through the system's cache, without copying


class Database:
    """One engine. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Database:
        """
        Open the database at *url* and bring its tables up to date.

        Raises:
            KnowledgeUnavailable: It cannot be reached.
        """
        try:
            engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        except (ArgumentError, ImportError):  # no such address, or no such kind of database
            raise KnowledgeUnavailable(part="database") from None
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _tune_sqlite)
        config = Config()
        config.set_main_option("script_location", str(resources.files("knowledge.record") / "migrations"))
        try:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except SQLAlchemyError:
            engine.dispose()
            raise KnowledgeUnavailable(part="database") from None
        return cls(engine)

    @property
    def is_postgresql(self) -> bool:
        """Whether it is the larger of the two."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed at the end."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to look only."""
        with _translated(), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError):  # their texts name the host and quote the statement
        raise KnowledgeUnavailable(part="database") from None


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute(f"PRAGMA mmap_size={_MAPPED}")
    cursor.close()
