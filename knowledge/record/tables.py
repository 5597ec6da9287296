"""The tables of the record. SQL is the truth; vectors and the lexical index are rebuilt from it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from databases.naming import NAMES

metadata = MetaData(naming_convention=NAMES)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(500), nullable=False, unique=True),
    # The version that answers; null while the first one is being indexed. One write here publishes.
    Column("current_version_id", Integer, nullable=True),
    # Where that pointer goes while a person has taken the document back.
    Column("withdrawn_version_id", Integer, nullable=True),
    Column("withdrawn_at", DateTime(timezone=True), nullable=True),
    Column("withdrawn_by", Text, nullable=False, default=""),
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("content_hash", String(64), nullable=False),
    # Null while the version is staged: being indexed, seen by nobody.
    Column("published_at", DateTime(timezone=True), nullable=True),
    Column("audience", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("number", String(120), nullable=False, default=""),
    Column("source", Text, nullable=False, default=""),
    Column("url", Text, nullable=False, default=""),
    Column("author", Text, nullable=False, default=""),
    Column("organisation", Text, nullable=False, default=""),
    Column("area", Text, nullable=False, default=""),
    Column("topic", String(120), nullable=False, default=""),
    Column("issued", Date, nullable=True),
    Column("effective", Date, nullable=True),
    Column("expires", Date, nullable=True),
    Column("as_of", Date, nullable=True),
    Column("verified_by", Text, nullable=True),
    Column("document_type", String(120), nullable=False, default=""),
    # One spelling of `number`, see `knowledge.law_register.number_key`.
    Column("number_key", String(120), nullable=False, default="", index=True),
    # Số hiệu, one a line. What `replaces` means to others stands in `replacements`.
    Column("replaces", Text, nullable=False, default=""),
    Column("replaced_by", Text, nullable=False, default=""),
    # Counts from 1 in each document; null while staged.
    Column("edition", Integer, nullable=True),
    Column("published_by", Text, nullable=False, default=""),
    Column("repairs", Text, nullable=False, default=""),  # codes, one a line
    # The file it was read from; empty where it came from none, or from one before files were kept.
    Column("original_sha256", String(64), nullable=False, default="", index=True),
    Column("original_name", Text, nullable=False, default=""),
    Column("original_type", String(120), nullable=False, default=""),
    Column("original_size", Integer, nullable=False, default=0),
    sqlite_autoincrement=True,
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("anchor", String(200), nullable=False),
    Column("heading", Text, nullable=False, default=""),
    Column("locator", Text, nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("articles", JSON, nullable=False),
    Column("questions", JSON, nullable=False),
    Column("references", JSON, nullable=False),
    Column("english", Text, nullable=False, default=""),
    UniqueConstraint("version_id", "anchor"),
    # Never a reused id: a stale vector must not come to point at another passage.
    sqlite_autoincrement=True,
)

replacements = Table(
    "replacements",
    metadata,
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    # The key of the document whose place the version takes.
    Column("number_key", String(120), primary_key=True, index=True),
)

passage_marks = Table(
    "passage_marks",
    metadata,
    Column("passage_id", ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True),
    # An article, a số hiệu or a telephone number that the passage is, cites or holds.
    Column("mark", String(160), primary_key=True, index=True),
)

feedback = Table(
    "feedback",
    metadata,
    # Only what was thumbed and on which day: no question, no sender, no hour.
    Column("passage", String(700), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("up", Integer, nullable=False, default=0),
    Column("down", Integer, nullable=False, default=0),
)

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    # The document's key, not its row: that somebody removed it is known after it is gone.
    Column("key", String(500), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("edition", Integer, nullable=False, default=0),
    Column("who", Text, nullable=False, default=""),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("codes", Text, nullable=False, default=""),  # findings accepted, one a line
    sqlite_autoincrement=True,
)

index_state = Table(
    "index_state",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

Index("ix_documents_current_version_id", documents.c.current_version_id)
Index("ix_documents_withdrawn_version_id", documents.c.withdrawn_version_id)
Index("ix_versions_document_edition", versions.c.document_id, versions.c.edition, unique=True)
