"""Kinds of documents, what replaces what, and the numbers a passage can be looked up by"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from knowledge.law_register import number_key
from knowledge.numbers import marks_in

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BATCH = 500  # passages read and marked at a time
_KEY_LENGTH, _MARK_LENGTH = 120, 160  # characters


def upgrade() -> None:
    with op.batch_alter_table("versions", schema=None) as batch_op:
        for name, kind in (
            ("document_type", sa.String(length=120)),
            ("number_key", sa.String(length=120)),
            ("replaces", sa.Text()),
            ("replaced_by", sa.Text()),
        ):
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_versions_number_key"), ["number_key"], unique=False)
    op.create_table(
        "replacements",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["versions.id"],
            name=op.f("fk_replacements_version_id_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "number_key", name=op.f("pk_replacements")),
    )
    with op.batch_alter_table("replacements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replacements_number_key"), ["number_key"], unique=False)
    op.create_table(
        "passage_marks",
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["passage_id"],
            ["passages.id"],
            name=op.f("fk_passage_marks_passage_id_passages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("passage_id", "mark", name=op.f("pk_passage_marks")),
    )
    with op.batch_alter_table("passage_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_marks_mark"), ["mark"], unique=False)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Give what is already stored its keys and marks, so that nothing has to be ingested again."""
    for row in connection.execute(sa.text("SELECT id, number FROM versions WHERE number <> ''")).all():
        values = {"key": number_key(row.number)[:_KEY_LENGTH], "id": row.id}
        connection.execute(sa.text("UPDATE versions SET number_key = :key WHERE id = :id"), values)
    read = sa.text(
        'SELECT id, heading, text, articles, "references" FROM passages '
        "WHERE id > :after ORDER BY id LIMIT :count"
    )
    insert = sa.text("INSERT INTO passage_marks (passage_id, mark) VALUES (:id, :mark)")
    after = 0
    while rows := connection.execute(read, {"after": after, "count": _BATCH}).all():
        marks = [
            {"id": row.id, "mark": mark}
            for row in rows
            for mark in marks_in(
                f"{row.heading}\n{row.text}",
                _read(row.articles),
                [title for title, *_ in _read(row.references)],
            )
            if len(mark) <= _MARK_LENGTH
        ]
        if marks:
            connection.execute(insert, marks)
        after = rows[-1].id


def _read(value: Any) -> list[Any]:
    # SQLite gives JSON as text, PostgreSQL as what it holds.
    return list(json.loads(value) if isinstance(value, str) else value)


def downgrade() -> None:
    op.drop_table("passage_marks")
    op.drop_table("replacements")
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_versions_number_key"))
        for name in ("replaced_by", "replaces", "number_key", "document_type"):
            batch_op.drop_column(name)
