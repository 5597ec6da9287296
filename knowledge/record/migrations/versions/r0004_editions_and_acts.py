"""Editions, the files they were read from, withdrawals, and who did what"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER_EDITIONS = sa.text(
    "UPDATE versions SET edition = (SELECT count(*) FROM versions AS others"
    " WHERE others.document_id = versions.document_id AND others.published_at IS NOT NULL"
    " AND others.id <= versions.id) WHERE published_at IS NOT NULL"
)


def upgrade() -> None:
    # Only added columns and indexes: SQLite builds a table anew for anything else, and dropping the old one
    # would take the passages with it.
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=False, server_default=""))
        batch_op.create_index("ix_documents_withdrawn_version_id", ["withdrawn_version_id"], unique=False)
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=True))
        for name, kind in (
            ("published_by", sa.Text()),
            ("repairs", sa.Text()),
            ("original_sha256", sa.String(length=64)),
            ("original_name", sa.Text()),
            ("original_type", sa.String(length=120)),
        ):
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("original_size", sa.Integer(), nullable=False, server_default="0"))
    op.get_bind().execute(_NUMBER_EDITIONS)
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_versions_original_sha256"), ["original_sha256"], unique=False)
        batch_op.create_index("ix_versions_document_edition", ["document_id", "edition"], unique=True)
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_key"), ["key"], unique=False)


def downgrade() -> None:
    op.drop_table("acts")
    op.drop_index("ix_documents_withdrawn_version_id", "documents")
    op.drop_index("ix_versions_document_edition", "versions")
    op.drop_index(op.f("ix_versions_original_sha256"), "versions")
    # One by one, not in a batch: see above.
    for name in (
        *("original_size", "original_type", "original_name", "original_sha256"),
        *("repairs", "published_by", "edition"),
    ):
        op.drop_column("versions", name)
    for name in ("withdrawn_by", "withdrawn_at", "withdrawn_version_id"):
        op.drop_column("documents", name)
