"""Letters to many at once, across groups.

Revision: a63f0d5e91b4
Follows: d41c8a6be275
"""

import sqlalchemy as sa
from alembic import op

revision = "a63f0d5e91b4"
down_revision = "d41c8a6be275"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circulars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reach", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(reach = 'group') = (group_id IS NOT NULL)", name="ck_circulars_group_where_it_is_one"),
        sa.CheckConstraint("reach IN ('group', 'office', 'everybody')", name="ck_circulars_reach"),
        sa.CheckConstraint("state IN ('draft', 'planned', 'sending', 'sent', 'stopped')", name="ck_circulars_state"),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name="fk_circulars_author_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_circulars_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_circulars"),
        sa.UniqueConstraint("key", name="uq_circulars_key"),
    )
    op.create_index("ix_circulars_author", "circulars", ["author_id", "id"])
    op.create_index("ix_circulars_group", "circulars", ["group_id", "id"])
    op.create_table(
        "circular_versions",
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name="fk_circular_versions_circular_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circular_id", "language", name="pk_circular_versions"),
    )
    op.create_table(
        "circular_letters",
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_circular_letters_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["circular_id"], ["circulars.id"], name="fk_circular_letters_circular_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circular_id", "account_id", name="pk_circular_letters"),
    )
    op.create_index("ix_circular_letters_account", "circular_letters", ["account_id", "sent_at"])


def downgrade() -> None:
    op.drop_table("circular_letters")
    op.drop_table("circular_versions")
    op.drop_table("circulars")
