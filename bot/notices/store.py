"""The rows of notices, sealed, in a SQLite file: the keys are this machine's, so the rows are too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.notices.model import NoticesUnavailable, Row
from bot.notices.tables import notices
from databases.database import Database, Kind

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_KIND = Kind(
    name="notices", package="bot.notices", lock=7_218_405, unavailable=NoticesUnavailable, busy_s=5.0
)


class NoticeRows:
    """Safe between threads and processes. Every method raises NoticesUnavailable where the file is not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open_file(cls, file: Path) -> NoticeRows:
        """Open, or begin, the file, mode 0600 in a folder of mode 0700."""
        return cls(Database.open_file(file, _KIND))

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    def add(self, row: Row) -> None:
        """Keep a row."""
        values = {"row": row.row, "day": row.day, "sealed": row.sealed}
        with self._database.writing() as connection:
            connection.execute(insert(notices), values)

    def all(self) -> list[Row]:
        """Every row, in no order that tells anything."""
        with self._database.reading() as connection:
            return [
                Row(found.row, found.day, found.sealed)
                for found in connection.execute(select(notices).order_by(notices.c.row))
            ]

    def erase(self, rows: Collection[str]) -> int:
        """Erase rows, on the disk too; how many of them were there."""
        gone = 0
        with self._database.writing() as connection:
            for row in rows:
                gone += connection.execute(delete(notices).where(notices.c.row == row)).rowcount
        if rows:
            self._database.empty_log()
        return gone
