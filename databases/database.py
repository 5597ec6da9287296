"""
Opening a database that others must not read: SQLite in a file of our own, or PostgreSQL.

Each store says what is its own (`Kind`): whose tables, which error of its package speaks for "out of reach".
The record of documents opens its own (`knowledge.record.database`): it is public, large and mapped.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine, Table

_WAL_SECONDS: Final = 5.0
_WAL_PAUSE_S: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is kept in a database: whose tables, and how they are brought up to date."""

    name: str  # of its loggers
    package: str  # which holds `migrations`
    lock: int  # a number that nothing else in a shared PostgreSQL locks
    unavailable: Callable[[], Exception]  # what the store raises where the database is out of reach
    busy_s: float = 30.0  # that a writer waits for another, on SQLite


class Database:
    """One engine of one kind. Safe to share between threads; SQLite's file also between processes."""

    def __init__(self, engine: Engine, kind: Kind) -> None:
        self._engine = engine
        self._kind = kind

    @classmethod
    def open(cls, url: str, kind: Kind) -> Database:
        """
        The database at *url*, its tables up to date.

        Raises:
            Exception: `kind.unavailable`: it cannot be reached, or is no database of ours.
        """
        # At DEBUG the vendor would log statements and rows: times, tags, hashes. Not these, at any level.
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
                connect_args={"timeout": kind.busy_s} if is_sqlite else {},
            )
        except (SQLAlchemyError, ImportError):  # no such address, or no such kind of database
            raise kind.unavailable() from None
        if is_sqlite:
            event.listen(engine, "connect", _tune_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        database = cls(engine, kind)
        try:
            database._migrate()
        except BaseException:
            engine.dispose()
            raise
        return database

    @classmethod
    def open_file(cls, file: Path, kind: Kind) -> Database:
        """
        Open, or begin, the SQLite database at *file*, mode 0600 in a folder of mode 0700.

        What SQLite puts beside the file follows its mode.
        """
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.parent.chmod(0o700)
            file.touch(mode=0o600)
            file.chmod(0o600)
        except OSError:
            raise kind.unavailable() from None
        return cls.open(f"sqlite:///{file}", kind)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is the smaller of the two."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: committed on leaving, undone by any error."""
        with self._translated(), self._engine.connect() as plain:
            connection = plain.execution_options(is_writing=True)
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, from one moment's state on SQLite."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that knows `on_conflict_…`, as both of them have it."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def empty_log(self) -> None:
        """
        Empty SQLite's write-ahead log, so that it keeps neither what was shredded nor an order.

        A reader may be in the way: then the next call does it.
        """
        if self.is_sqlite:
            self._plainly("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def mark(self) -> int:
        """What the last `rewrite` left in SQLite's file; 0 where there was none, or no file."""
        if not self.is_sqlite:
            return 0
        with self.reading() as connection:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def rewrite(self, mark: int = 0) -> bool:
        """
        Write SQLite's file anew: its pages then stand in the order of random ids, not of arrival.

        The second copy stands in a nameless file beside the first one while it is written, not in memory.

        Args:
            mark: Left in the file once it is written, of 32 bits: it outlives the process.

        Returns:
            Whether it was. False: left for the next time, because somebody is in the way or the disk has no
            room for a second copy.
        """
        file = self._engine.url.database
        if not self.is_sqlite or not file:
            return True
        try:
            with self._bare() as cursor, _copying_into(Path(file).resolve().parent, cursor):
                cursor.execute("VACUUM")
                cursor.execute(f"PRAGMA user_version={mark:d}")
            is_done = True
        except type(self._kind.unavailable()):
            is_done = False
        self.empty_log()
        return is_done

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Vendor errors as the store's; their own texts name the host and quote the statement."""
        try:
            yield
        except SQLAlchemyError:
            raise self._kind.unavailable() from None

    def _plainly(self, statement: str) -> None:
        with self._bare() as cursor:
            cursor.execute(statement)
            cursor.fetchall()

    @contextmanager
    def _bare(self) -> Iterator[sqlite3.Cursor]:
        """The driver's cursor, outside of any transaction, where SQLite wants some statements."""
        with self._translated(), self._engine.connect() as connection:
            cursor = cast("sqlite3.Cursor", connection.connection.cursor())
            try:
                yield cursor
            except sqlite3.Error:  # straight from the driver: the vendor above it does not see it
                raise self._kind.unavailable() from None
            finally:
                cursor.close()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(resources.files(self._kind.package) / "migrations"))
        with self.writing() as connection:
            lock(connection, self._kind.lock)  # two processes may start at once
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def lock(connection: Connection, number: int) -> None:
    """Hold *number* until the transaction ends. SQLite's writers wait for each other already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


@contextmanager
def _copying_into(folder: Path, cursor: sqlite3.Cursor) -> Iterator[None]:
    """Let SQLite put what it copies into a file in *folder*; into memory where it cannot be told which."""
    place = str(folder)
    quoted = place.replace("'", "''")
    cursor.execute(f"PRAGMA temp_store_directory='{quoted}'")
    try:
        if cursor.execute("PRAGMA temp_store_directory").fetchone() == (place,):
            cursor.execute("PRAGMA temp_store=FILE")
        yield
    finally:
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA temp_store_directory=''")


def _use_wal(cursor: sqlite3.Cursor) -> None:
    # SQLite does not wait by itself while another process is turning the write-ahead log on.
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
    _use_wal(cursor)
    for setting in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: waiting works then, turning from reader to writer cannot wait.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
