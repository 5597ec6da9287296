"""
The tables of the tips. What stands here in clear is what whoever seizes the machine can read.

A new column has to be argued for: tests/contracts/test_tip_store.py pins the list. There is no counter, no
exact time and, on SQLite, no row id: none of them may tell in which order tips came.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from databases.naming import NAMES

metadata = MetaData(naming_convention=NAMES)

tips = Table(
    "tips",
    metadata,
    Column("tip_id", String(32), primary_key=True),
    # What a receipt is found by; the tag it is the hash of is not stored.
    Column("tag_hash", LargeBinary(32), nullable=False, unique=True),
    Column("reply_public", LargeBinary(32), nullable=False),
    # Rounded down (an hour, unless set otherwise) before it comes here.
    Column("received", DateTime(timezone=True), nullable=False),
    Column("size_bucket", Integer, nullable=False),
    Column("retention_until", Date, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

recipients = Table(
    "tip_recipients",
    metadata,
    Column("tip_id", ForeignKey("tips.tip_id", ondelete="CASCADE"), primary_key=True),
    Column("unit", String(100), primary_key=True, index=True),
    Column("role", String(8), nullable=False),  # holder | above
    Column("visible_from", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)

parcels = Table(
    "tip_parcels",
    metadata,
    Column("tip_id", ForeignKey("tips.tip_id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("suite", Integer, nullable=False),
    Column("card", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

keys = Table(
    "tip_keys",
    metadata,
    Column("tip_id", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("unit", String(100), primary_key=True),
    Column("key_id", String(64), nullable=False),
    Column("suite", Integer, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    ForeignKeyConstraint(["tip_id", "seq"], ["tip_parcels.tip_id", "tip_parcels.seq"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

# A tip that an officer marked as abuse, until the day is over: the public side takes nothing more from where
# it came, which it knows of in memory and nobody else knows at all. Whoever seizes this learns that a tip was
# thought abuse, of that day's tips only.
mutes = Table(
    "tip_mutes",
    metadata,
    Column("tip_id", ForeignKey("tips.tip_id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, nullable=False),  # in Vietnam
    sqlite_with_rowid=False,
)

replies = Table(
    "tip_replies",
    metadata,
    Column("tip_id", ForeignKey("tips.tip_id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
