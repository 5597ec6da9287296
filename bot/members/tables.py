"""
The tables of members. What stands here in clear is what whoever seizes the file can read.

Of a member: a keyed hash of the account, the organisation, the audience, the day of joining. Nothing here
leads to a question or a tip, and no table of theirs leads here.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, LargeBinary, MetaData, String, Table

from databases.naming import NAMES

metadata = MetaData(naming_convention=NAMES)

# Without row ids on SQLite: they would tell in which order people joined.
invites = Table(
    "member_invites",
    metadata,
    Column("id", String(8), primary_key=True),  # public: to list and to revoke it
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),  # SHA-256 of 128 random bits
    Column("audience", String(10), nullable=False),  # member | officer
    Column("org", String(40), nullable=False),
    Column("uses_left", Integer, nullable=False),
    Column("last_day", Date, nullable=False),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("account_hash", LargeBinary(32), primary_key=True),
    Column("org", String(40), primary_key=True, index=True),
    Column("audience", String(10), primary_key=True),
    # Which invitation: to end what a leaked one began. It may be gone meanwhile.
    Column("invite", String(8), nullable=False, index=True),
    Column("joined", Date, nullable=False),
    sqlite_with_rowid=False,
)
