"""Opens the database of gaps: SQLite in a file of our own, or PostgreSQL. Vendor errors become ours here."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from knowledge.gaps.model import GapsUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_NAME = "gaps"
_LOCK = 7_218_406  # a number nothing else in a shared PostgreSQL locks
_BUSY_S = 20.0


def open_engine(url: str) -> Engine:
    """
    An engine for *url* whose tables are up to date.

    Raises:
        GapsUnavailable: It cannot be reached, or is no database of ours.
    """
    # At DEBUG the vendor would log rows: in which moment which question was written.
    for part in ("engine.Engine", "pool.impl.QueuePool"):
        logging.getLogger(f"sqlalchemy.{part}.{_NAME}").setLevel(logging.CRITICAL)
    try:
        is_sqlite = make_url(url).get_backend_name() == "sqlite"
        engine = create_engine(
            url,
            hide_parameters=True,
            logging_name=_NAME,
            pool_logging_name=_NAME,
            pool_pre_ping=not is_sqlite,
            connect_args={"timeout": _BUSY_S} if is_sqlite else {},
        )
    except (SQLAlchemyError, ImportError):  # no such address, or no such kind of database
        raise GapsUnavailable from None
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with translated():
            _migrate(engine)
    except GapsUnavailable:
        engine.dispose()
        raise
    return engine


def make_private(file: Path) -> None:
    """
    Make *file* and its folder, for our own user only; what SQLite puts beside the file follows its mode.

    Raises:
        GapsUnavailable: They cannot be made.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.chmod(0o700)
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError:
        raise GapsUnavailable from None


@contextmanager
def translated() -> Iterator[None]:
    """Vendor errors as ours; their own texts name the host and quote the statement."""
    try:
        yield
    except SQLAlchemyError:
        raise GapsUnavailable from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed on leaving, undone by any error."""
    with translated(), engine.connect() as plain:
        connection = plain.execution_options(is_writing=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads."""
    with translated(), engine.connect() as connection:
        yield connection


def empty_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, so that it keeps neither what was forgotten nor an order."""
    if engine.dialect.name != "sqlite":
        return
    with translated(), engine.connect() as connection:
        cursor = connection.connection.cursor()
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
        finally:
            cursor.close()


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(resources.files("knowledge.gaps") / "migrations"))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":  # two processes may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    cursor = connection.cursor()
    for setting in (
        "busy_timeout=20000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: turning from reader to writer cannot wait.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
