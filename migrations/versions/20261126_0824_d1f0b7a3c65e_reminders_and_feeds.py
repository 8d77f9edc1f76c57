"""Reminders that were written, secret addresses of calendars, and asking again who comes.

Revision: d1f0b7a3c65e
Follows: 6b1f04d7a9c3
"""

import sqlalchemy as sa
from alembic import op

revision = "d1f0b7a3c65e"
down_revision = "6b1f04d7a9c3"
branch_labels = None
depends_on = None

KINDS = ("week", "day")


def to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE")


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("attendances") as batch:
        batch.add_column(moment("asked_again_at", nullable=True))
    op.create_table(
        "calendar_feeds",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        moment("made_at"),
        to("calendar_feeds", "account_id", "accounts.id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("digest", name="uq_calendar_feeds_digest"),
    )
    op.create_table(
        "reminders",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        moment("starts_at"),
        moment("written_at"),
        to("reminders", "event_id", "events.id"),
        to("reminders", "account_id", "accounts.id"),
        sa.PrimaryKeyConstraint("event_id", "account_id", "kind", "starts_at", name="pk_reminders"),
    )
    op.create_index("ix_reminders_account_id", "reminders", ["account_id"])


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("attendances") as batch:
        batch.drop_column("asked_again_at")
