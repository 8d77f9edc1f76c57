"""Another address for an account, devices that are known, and when a session was last in use.

Revision: f08c3b9d7e12
Follows: a63f0d5e91b4
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "f08c3b9d7e12"
down_revision = "a63f0d5e91b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_devices",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_known_devices_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "device", name="pk_known_devices"),
    )
    op.execute(
        "INSERT INTO known_devices (account_id, device, first_at)"
        " SELECT account_id, device, MIN(created_at) FROM sign_ins GROUP BY account_id, device"
    )
    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("new_email", sa.String(length=320), nullable=False),
        sa.Column("old_email", sa.String(length=320), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_address_changes_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_address_changes"),
    )
    op.add_column("sign_ins", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever is signed in while this runs stays so.
    now = sa.bindparam("now", datetime.now(UTC), type_=sa.DateTime(timezone=True))
    op.execute(sa.text("UPDATE sign_ins SET seen_at = :now").bindparams(now))
    with op.batch_alter_table("sign_ins") as batch:
        batch.alter_column("seen_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_index("ix_address_changes_account_id", "address_changes", ["account_id"])
    op.create_index("ix_address_changes_asked_at", "address_changes", ["asked_at"])


def downgrade() -> None:
    op.drop_column("sign_ins", "seen_at")
    op.drop_table("address_changes")
    op.drop_table("known_devices")
