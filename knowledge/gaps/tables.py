"""
The tables of gaps. What stands here in clear is what whoever seizes the database can read.

Of a question: its redacted words, the ISO week, the audience, why it is a gap, how often. No day, no hour, no
chat, no channel, no language. Of an answer: what an officer wrote, which is published anyway, who and when.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, DateTime, Integer, MetaData, String, Table, Text

from databases.naming import NAMES

metadata = MetaData(naming_convention=NAMES)

# Without row ids on SQLite: they would tell in which order people asked.
gaps = Table(
    "gaps",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("audience", String(16), primary_key=True),
    Column("reason", String(16), primary_key=True),
    Column("key", String(16), primary_key=True),  # of the words without marks
    Column("text", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("guide", String(80), nullable=False),  # "": open; "-": set aside; else the answer's slug
    sqlite_with_rowid=False,
)

answers = Table(
    "gap_answers",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("wanted", Integer, nullable=False),  # number of a version; 0: withdrawn
    Column("standing", Integer, nullable=True),  # what the public side published; null: it has not looked yet
    Column("trouble", String(40), nullable=False),
    Column("keys", JSON, nullable=False),  # of the gaps it answers
    sqlite_with_rowid=False,
)

versions = Table(
    "gap_versions",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("topic", String(40), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("sources", JSON, nullable=False),
    Column("questions", JSON, nullable=False),
    Column("signed", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("golden", Text, nullable=False),
    Column("unit", String(100), nullable=False),
    Column("officer", String(100), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    sqlite_with_rowid=False,
)
