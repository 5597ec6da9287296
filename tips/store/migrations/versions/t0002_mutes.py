"""Tips whose senders are muted for the rest of a day"""

import sqlalchemy as sa
from alembic import op

revision = "t0002"
down_revision = "t0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tip_mutes",
        sa.Column("tip_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id"], ["tips.tip_id"], name=op.f("fk_tip_mutes_tip_id_tips"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tip_id", name=op.f("pk_tip_mutes")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("tip_mutes")
