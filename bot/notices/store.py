"""The rows of notices, sealed, in a SQLite file: the keys are this machine's, so the rows are too."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.notices.model import NoticesUnavailable, Row
from bot.notices.tables import notices
from tips.errors import TipStoreUnavailable
from tips.store.engine import Kind, empty_log, make_private, open_engine, reading, writing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

BUSY_TIMEOUT_MS = 5_000
_KIND = Kind("notices", "bot.notices", 7_218_405)


class NoticeRows:
    """Safe between threads and processes. Every method raises NoticesUnavailable where the file is not."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open_file(cls, file: Path) -> NoticeRows:
        """Open, or begin, the file, mode 0600 in a folder of mode 0700."""
        with _ours():
            make_private(file)
            return cls(open_engine(f"sqlite:///{file}", busy_timeout_ms=BUSY_TIMEOUT_MS, kind=_KIND))

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def add(self, row: Row) -> None:
        """Keep a row."""
        values = {"row": row.row, "day": row.day, "sealed": row.sealed}
        with _ours(), writing(self._engine) as connection:
            connection.execute(insert(notices), values)

    def all(self) -> list[Row]:
        """Every row, in no order that tells anything."""
        with _ours(), reading(self._engine) as connection:
            return [
                Row(found.row, found.day, found.sealed)
                for found in connection.execute(select(notices).order_by(notices.c.row))
            ]

    def erase(self, rows: Collection[str]) -> int:
        """Erase rows, on the disk too; how many of them were there."""
        gone = 0
        with _ours():
            with writing(self._engine) as connection:
                for row in rows:
                    gone += connection.execute(delete(notices).where(notices.c.row == row)).rowcount
            if rows:
                empty_log(self._engine)
        return gone


@contextmanager
def _ours() -> Iterator[None]:
    # The engine is shared with the tips, whose errors speak of tips that were not received.
    try:
        yield
    except TipStoreUnavailable:
        raise NoticesUnavailable from None
