"""
Opening a database that holds what must not be read by others: SQLite in a file of our own, or PostgreSQL.

The tips' is one; memberships and notices are kept in the same way, apart from them.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from tips.errors import TipStoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_WAL_SECONDS, _WAL_PAUSE_S = 5.0, 0.02


@dataclass(frozen=True, slots=True)
class Kind:
    """What is kept in a database: whose tables, and how they are brought up to date."""

    name: str  # of its loggers
    package: str  # which holds `migrations`
    lock: int  # any number that nothing else in a shared PostgreSQL locks


TIPS = Kind("tips", "tips.store", 7_218_401)


def open_engine(url: str, *, busy_timeout_ms: int, kind: Kind = TIPS) -> Engine:
    """
    An engine for *url* whose tables are up to date.

    Raises:
        TipStoreUnavailable: It cannot be reached, or is no database of ours.
    """
    # At DEBUG the vendor would log statements and rows: times of sending, tags. Not these, at any level.
    for part in ("engine.Engine", "pool.impl.QueuePool"):
        logging.getLogger(f"sqlalchemy.{part}.{kind.name}").setLevel(logging.CRITICAL)
    try:
        is_sqlite = make_url(url).get_backend_name() == "sqlite"
        engine = create_engine(
            url,
            hide_parameters=True,
            logging_name=kind.name,
            pool_logging_name=kind.name,
            pool_pre_ping=not is_sqlite,
            connect_args={"timeout": busy_timeout_ms / 1_000} if is_sqlite else {},
        )
    except (SQLAlchemyError, ImportError):  # no such address, or no such kind of database
        raise TipStoreUnavailable from None
    if is_sqlite:
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with translated():
            _migrate(engine, kind)
    except TipStoreUnavailable:
        engine.dispose()
        raise
    return engine


def make_private(file: Path) -> None:
    """
    Make *file* and its folder, for our own user only; what SQLite puts beside the file follows its mode.

    Raises:
        TipStoreUnavailable: They cannot be made.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.chmod(0o700)
        file.touch(mode=0o600)
        file.chmod(0o600)
    except OSError:
        raise TipStoreUnavailable from None


@contextmanager
def translated() -> Iterator[None]:
    """Vendor errors as ours; their own texts name the host and quote the statement."""
    try:
        yield
    except SQLAlchemyError:
        raise TipStoreUnavailable from None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed on leaving, undone by any error."""
    with translated(), engine.connect() as plain:
        connection = plain.execution_options(is_writing=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, from one moment's state on SQLite."""
    with translated(), engine.connect() as connection:
        yield connection


def empty_log(engine: Engine) -> None:
    """
    Empty SQLite's write-ahead log, so that it does not keep what was shredded.

    A reader may be in the way: then the next call does it.
    """
    if engine.dialect.name == "sqlite":
        with translated(), engine.connect() as connection:
            _plainly(connection, "PRAGMA wal_checkpoint(TRUNCATE)")


def rewrite(engine: Engine) -> None:
    """
    Write SQLite's file anew: its pages then stand in the order of random ids, not of arrival.

    Left for the next time where somebody is in the way, or the disk has no room for a second copy.
    """
    if engine.dialect.name == "sqlite":
        with suppress(TipStoreUnavailable), translated(), engine.connect() as connection:
            _plainly(connection, "VACUUM")
        empty_log(engine)


def _plainly(connection: Connection, statement: str) -> None:
    # Outside of any transaction, where SQLite wants these.
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement)
        cursor.fetchall()
    except sqlite3.Error:  # straight from the driver: the vendor above it does not see it
        raise TipStoreUnavailable from None
    finally:
        cursor.close()


def _migrate(engine: Engine, kind: Kind) -> None:
    config = Config()
    config.set_main_option("script_location", str(resources.files(kind.package) / "migrations"))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":  # two processes may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": kind.lock})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def use_wal(cursor: sqlite3.Cursor) -> None:
    """Turn on the write-ahead log; SQLite does not wait by itself when another process is doing the same."""
    until = time.monotonic() + _WAL_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_WAL_PAUSE_S)
        else:
            return


def _tune_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    cursor = connection.cursor()
    use_wal(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: waiting works then, turning from reader to writer cannot wait.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
