"""
The table of notices asked for. What stands here in clear is what whoever seizes the file can read.

Of a notice: a random id and the day it was asked for. Which tip, which chat, how many replies there were
and how long to wait are sealed under that day's key, which is not on this disk.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, LargeBinary, MetaData, String, Table

metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})

# Without row ids on SQLite: they would tell in which order notices were asked for.
notices = Table(
    "notices",
    metadata,
    Column("row", String(32), primary_key=True),
    Column("day", Date, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
