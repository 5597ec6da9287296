"""Tips, who may read them, sealed parcels, wrapped keys, replies"""

import sqlalchemy as sa
from alembic import op

revision = "t0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tips",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("tag_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reply_public", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size_bucket", sa.Integer(), nullable=False),
        sa.Column("retention_until", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tip_id", name=op.f("pk_tips")),
        sa.UniqueConstraint("tag_hash", name=op.f("uq_tips_tag_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_parcels",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("suite", sa.Integer(), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id"], ["tips.tip_id"], name=op.f("fk_tip_parcels_tip_id_tips"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tip_id", "seq", name=op.f("pk_tip_parcels")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_recipients",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id"], ["tips.tip_id"], name=op.f("fk_tip_recipients_tip_id_tips"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tip_id", "unit", name=op.f("pk_tip_recipients")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tip_recipients_unit"), "tip_recipients", ["unit"], unique=False)
    op.create_table(
        "tip_replies",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id"], ["tips.tip_id"], name=op.f("fk_tip_replies_tip_id_tips"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tip_id", "seq", name=op.f("pk_tip_replies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_keys",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("suite", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id", "seq"],
            ["tip_parcels.tip_id", "tip_parcels.seq"],
            name=op.f("fk_tip_keys_tip_id_tip_parcels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tip_id", "seq", "unit", name=op.f("pk_tip_keys")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tip_keys")
    op.drop_table("tip_replies")
    op.drop_index(op.f("ix_tip_recipients_unit"), table_name="tip_recipients")
    op.drop_table("tip_recipients")
    op.drop_table("tip_parcels")
    op.drop_table("tips")
