"""What members and groups told others of Japan, and the sums of it.

Revision: 8c6a08c4e78c
Follows: 8c1f5b27d6e4
"""

import sqlalchemy as sa
from alembic import op

revision = "8c6a08c4e78c"
down_revision = "8c1f5b27d6e4"
branch_labels = None
depends_on = None

KINDS = ("talk", "article", "class", "broadcast", "exhibition", "other")
AUDIENCES = ("only_me", "groups", "members", "public")
BOUNDS = ("exact", "about", "more_than", "up_to", "expected")


def _one_of(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "outreach_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("is_of_group", sa.Boolean(), nullable=False),
        sa.Column("audience", _one_of(*AUDIENCES, name="audience"), nullable=False),
        sa.Column("kind", _one_of(*KINDS, name="kind"), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("held_on", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=True),
        sa.Column("reached_bound", _one_of(*BOUNDS, name="reached_bound"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT is_of_group OR group_id IS NOT NULL", name=op.f("ck_outreach_entries_of_a_group")),
        sa.CheckConstraint("reached >= 0", name=op.f("ck_outreach_entries_reached")),
        sa.CheckConstraint("(reached IS NULL) = (reached_bound IS NULL)", name=op.f("ck_outreach_entries_bound")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_outreach_entries_account_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_outreach_entries_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outreach_entries"),
        sa.UniqueConstraint("key", name="uq_outreach_entries_key"),
    )
    op.create_index("ix_outreach_entries_account", "outreach_entries", ["account_id", "held_on", "id"])
    op.create_index("ix_outreach_entries_group", "outreach_entries", ["group_id", "held_on", "id"])
    op.create_table(
        "outreach_sums",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kind", _one_of(*KINDS, name="kind"), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("more_than", sa.Integer(), nullable=False),
        sa.Column("uncounted", sa.Integer(), nullable=False),
        sa.CheckConstraint("entries >= 0 AND reached >= 0", name=op.f("ck_outreach_sums_counts")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_outreach_sums_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("group_id", "year", "country", "kind", name="pk_outreach_sums"),
    )
    op.create_index("ix_outreach_sums_year", "outreach_sums", ["year", "country"])


def downgrade() -> None:
    op.drop_table("outreach_sums")
    op.drop_table("outreach_entries")
