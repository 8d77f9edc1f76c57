"""Who came to an event.

Revision: a07d53e9b1f2
Follows: 91c4e6d07a2b
"""

import sqlalchemy as sa
from alembic import op

revision = "a07d53e9b1f2"
down_revision = "91c4e6d07a2b"
branch_labels = None
depends_on = None

MEMBERS = sa.text("account_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_arrivals_event_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_arrivals_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["accounts.id"], name="fk_arrivals_noted_by_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_arrivals"),
        sa.UniqueConstraint("key", name="uq_arrivals_key"),
        sa.CheckConstraint("people BETWEEN 1 AND 999", name=op.f("ck_arrivals_people")),
        sa.CheckConstraint(
            "account_id IS NULL OR (name = '' AND people <= 10)", name=op.f("ck_arrivals_member_or_others")
        ),
    )
    op.create_index("uq_arrivals_once", "arrivals", ["event_id", "once"], unique=True)
    op.create_index(
        "uq_arrivals_member",
        "arrivals",
        ["event_id", "account_id"],
        unique=True,
        sqlite_where=MEMBERS,
        postgresql_where=MEMBERS,
    )
    op.create_index("ix_arrivals_account_id", "arrivals", ["account_id"])
    op.create_index("ix_arrivals_noted_by_id", "arrivals", ["noted_by_id"])


def downgrade() -> None:
    op.drop_table("arrivals")
