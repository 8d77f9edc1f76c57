"""Foundings: associations that are being founded, their founding members, plans and funds.

Revision: 8c1f5b27d6e4
Follows: 12242cc47f0c
"""

import sqlalchemy as sa
from alembic import op

revision = "8c1f5b27d6e4"
down_revision = "12242cc47f0c"
branch_labels = None
depends_on = None

STATES = ("draft", "handed_in", "approved", "declined", "withdrawn")
FOUNDERS = ("invited", "confirmed", "left")
KINDS = ("income", "expense")


def one_of(name: str, words: tuple[str, ...]) -> sa.Column:
    kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)
    return sa.Column(name, kind, nullable=False)


def text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def to(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "foundings",
        number("id"),
        text("key", 16),
        text("name", 200),
        text("country", 2),
        number("programme_id", nullable=True),
        number("umbrella_id", nullable=True),
        number("group_id", nullable=True),
        text("purpose"),
        text("charter"),
        number("charter_edits"),
        number("plan_edits"),
        number("funds_edits"),
        number("organiser_id", nullable=True),
        text("term_ends_on", 10),
        one_of("state", STATES),
        number("started_by_id", nullable=True),
        moment("created_at"),
        moment("handed_in_at", nullable=True),
        moment("decided_at", nullable=True),
        text("reason"),
        to("foundings", "programme_id", "programmes.id", "SET NULL"),
        to("foundings", "umbrella_id", "groups.id", "SET NULL"),
        to("foundings", "group_id", "groups.id", "SET NULL"),
        to("foundings", "organiser_id", "accounts.id", "SET NULL"),
        to("foundings", "started_by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_foundings"),
        sa.UniqueConstraint("key", name="uq_foundings_key"),
    )
    op.create_index("ix_foundings_state", "foundings", ["state", "handed_in_at", "id"])
    for column in ("programme_id", "umbrella_id", "group_id", "organiser_id", "started_by_id"):
        op.create_index(f"ix_foundings_{column}", "foundings", [column])
    op.create_table(
        "founders",
        number("id"),
        text("key", 16),
        number("founding_id"),
        number("account_id"),
        one_of("state", FOUNDERS),
        text("name", 200),
        text("address", 300),
        text("office", 120),
        moment("confirmed_at", nullable=True),
        to("founders", "founding_id", "foundings.id", "CASCADE"),
        to("founders", "account_id", "accounts.id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_founders"),
        sa.UniqueConstraint("key", name="uq_founders_key"),
        sa.UniqueConstraint("founding_id", "account_id", name="uq_founders_account"),
    )
    op.create_index("ix_founders_account_id", "founders", ["account_id"])
    op.create_table(
        "founding_activities",
        number("founding_id"),
        number("place_in_list"),
        text("month", 7),
        text("activity", 200),
        text("place", 200),
        number("people", nullable=True),
        text("words", 500),
        to("founding_activities", "founding_id", "foundings.id", "CASCADE"),
        sa.PrimaryKeyConstraint("founding_id", "place_in_list", name="pk_founding_activities"),
    )
    op.create_table(
        "founding_funds",
        number("founding_id"),
        number("place_in_list"),
        one_of("kind", KINDS),
        text("what", 200),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        text("currency", 3),
        sa.CheckConstraint("amount >= 0", name="amount"),
        to("founding_funds", "founding_id", "foundings.id", "CASCADE"),
        sa.PrimaryKeyConstraint("founding_id", "place_in_list", name="pk_founding_funds"),
    )


def downgrade() -> None:
    for table in ("founding_funds", "founding_activities", "founders", "foundings"):
        op.drop_table(table)
