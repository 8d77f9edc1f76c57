"""Invitations to groups, and the addresses that want none.

Revision: c4d10f7e82ab
Follows: d1f0b7a3c65e
"""

import sqlalchemy as sa
from alembic import op

revision = "c4d10f7e82ab"
down_revision = "d1f0b7a3c65e"
branch_labels = None
depends_on = None

STATES = ("sent", "opened", "accepted", "declined", "withdrawn")


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    with op.batch_alter_table("groups") as batch:
        batch.add_column(sa.Column("members_invite", sa.Boolean(), nullable=False, server_default=sa.true()))
    state = sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "group_invitations",
        number("id"),
        sa.Column("key", sa.String(16), nullable=False),
        number("group_id"),
        number("by_id"),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32)),
        sa.Column("state", state, nullable=False),
        number("times"),
        number("used"),
        number("most_uses"),
        moment("created_at"),
        moment("expires_at"),
        moment("answered_at", nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_group_invitations_group_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["members.account_id"], name="fk_group_invitations_by_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_group_invitations"),
        sa.UniqueConstraint("key", name="uq_group_invitations_key"),
        sa.UniqueConstraint("digest", name="uq_group_invitations_digest"),
        sa.CheckConstraint("used >= 0 AND used <= most_uses", name=op.f("ck_group_invitations_uses")),
    )
    op.create_index("ix_group_invitations_group", "group_invitations", ["group_id", "created_at", "id"])
    op.create_index("ix_group_invitations_by", "group_invitations", ["by_id", "group_id", "created_at"])
    op.create_index("ix_group_invitations_email", "group_invitations", ["email", "group_id"])
    op.create_table(
        "no_letters",
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        moment("since"),
        sa.PrimaryKeyConstraint("digest", name="pk_no_letters"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'invite to group'")
    op.drop_table("no_letters")
    op.drop_table("group_invitations")
    with op.batch_alter_table("groups") as batch:
        batch.drop_column("members_invite")
