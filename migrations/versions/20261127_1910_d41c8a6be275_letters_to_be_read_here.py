"""Letters that can be read here as well as in the mail.

Revision: d41c8a6be275
Follows: b27f4c91e0d8
"""

import sqlalchemy as sa
from alembic import op

revision = "d41c8a6be275"
down_revision = "b27f4c91e0d8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_kept_letters_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_letters"),
        sa.UniqueConstraint("key", name="uq_kept_letters_key"),
        sa.UniqueConstraint("reference", name="uq_kept_letters_reference"),
    )
    op.create_index("ix_kept_letters_account", "kept_letters", ["account_id", "id"])
    op.create_index("ix_kept_letters_written_at", "kept_letters", ["written_at"])
    op.create_index(
        "ix_kept_letters_new",
        "kept_letters",
        ["account_id"],
        sqlite_where=sa.text("seen_at IS NULL"),
        postgresql_where=sa.text("seen_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("kept_letters")
