"""Invitations and memberships"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_invites",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("org", sa.String(length=40), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invites")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_member_invites_code_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        sa.Column("account_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("org", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("invite", sa.String(length=8), nullable=False),
        sa.Column("joined", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("account_hash", "org", "audience", name=op.f("pk_members")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_org"), ["org"], unique=False)
        batch_op.create_index(batch_op.f("ix_members_invite"), ["invite"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_invite"))
        batch_op.drop_index(batch_op.f("ix_members_org"))

    op.drop_table("members")
    op.drop_table("member_invites")
