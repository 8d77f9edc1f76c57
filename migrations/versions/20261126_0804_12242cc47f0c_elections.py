"""Elections: posts to fill, candidates, the roll, who has voted, the box.

Revision: 12242cc47f0c
Follows: 650b7ff2ae43
"""

import sqlalchemy as sa
from alembic import op

revision = "12242cc47f0c"
down_revision = "650b7ff2ae43"
branch_labels = None
depends_on = None

STATES = ("announced", "open", "counted", "cancelled")
OUTCOMES = ("elected", "tied", "no_quorum", "no_votes", "no_candidates")
CANDIDATES = ("named", "standing", "declined", "withdrawn", "struck")


def one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def moment(name: str, *, nullable: bool = False, has_zone: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=has_zone), nullable=nullable)


def to(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "elections",
        number("id"),
        text("key", 16),
        number("group_id"),
        number("again_of_id", nullable=True),
        text("title", 200),
        text("role"),
        text("term_from", 10),
        text("term_to", 10),
        text("joined_by", 10),
        number("quorum"),
        text("zone", 64),
        moment("wall_opens", has_zone=False),
        moment("wall_closes", has_zone=False),
        moment("opens_at"),
        moment("closes_at"),
        sa.Column("state", one_of("state", STATES), nullable=False),
        number("officer_id", nullable=True),
        text("officer_name", 200),
        number("made_by_id", nullable=True),
        moment("created_at"),
        number("roll_count"),
        number("told_up_to"),
        number("cast_count"),
        number("blank_count"),
        sa.Column("outcome", one_of("outcome", OUTCOMES), nullable=True),
        moment("counted_at", nullable=True),
        text("reason"),
        moment("decided_at", nullable=True),
        moment("appointed_at", nullable=True),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("term_to >= term_from", name="term"),
        sa.CheckConstraint("quorum BETWEEN 0 AND 100", name="quorum"),
        sa.CheckConstraint("(state = 'counted') = (outcome IS NOT NULL)", name="counted_has_outcome"),
        to("elections", "group_id", "groups.id", "CASCADE"),
        to("elections", "again_of_id", "elections.id", "SET NULL"),
        to("elections", "officer_id", "accounts.id", "SET NULL"),
        to("elections", "made_by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_elections"),
        sa.UniqueConstraint("key", name="uq_elections_key"),
    )
    op.create_index("ix_elections_group", "elections", ["group_id", "opens_at", "id"])
    op.create_index("ix_elections_state", "elections", ["state", "opens_at"])
    op.create_index("ix_elections_closing", "elections", ["state", "closes_at"])
    for column in ("again_of_id", "officer_id", "made_by_id"):
        op.create_index(f"ix_elections_{column}", "elections", [column])
    op.create_table(
        "election_candidates",
        number("id"),
        text("key", 16),
        number("election_id"),
        number("account_id", nullable=True),
        number("named_by_id", nullable=True),
        text("name", 200),
        text("statement"),
        sa.Column("state", one_of("state", CANDIDATES), nullable=False),
        text("reason"),
        number("votes", nullable=True),
        sa.Column("is_elected", sa.Boolean(), nullable=False),
        to("election_candidates", "election_id", "elections.id", "CASCADE"),
        to("election_candidates", "account_id", "accounts.id", "SET NULL"),
        to("election_candidates", "named_by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_election_candidates"),
        sa.UniqueConstraint("key", name="uq_election_candidates_key"),
        sa.UniqueConstraint("election_id", "account_id", name="uq_election_candidates_account"),
    )
    for column in ("account_id", "named_by_id"):
        op.create_index(f"ix_election_candidates_{column}", "election_candidates", [column])
    op.create_table(
        "election_roll",
        number("election_id"),
        number("account_id"),
        to("election_roll", "election_id", "elections.id", "CASCADE"),
        to("election_roll", "account_id", "accounts.id", "CASCADE"),
        sa.PrimaryKeyConstraint("election_id", "account_id", name="pk_election_roll"),
    )
    op.create_index("ix_election_roll_account_id", "election_roll", ["account_id"])
    op.create_table(
        "election_voted",
        number("election_id"),
        number("account_id"),
        sa.ForeignKeyConstraint(
            ["election_id", "account_id"],
            ["election_roll.election_id", "election_roll.account_id"],
            name="fk_election_voted_roll",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("election_id", "account_id", name="pk_election_voted"),
    )
    op.create_table(
        "election_ballots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        number("election_id"),
        number("candidate_id", nullable=True),
        text("receipt", 64),
        to("election_ballots", "election_id", "elections.id", "CASCADE"),
        to("election_ballots", "candidate_id", "election_candidates.id", "NO ACTION"),
        sa.PrimaryKeyConstraint("id", name="pk_election_ballots"),
        sa.UniqueConstraint("election_id", "receipt", name="uq_election_ballots_receipt"),
    )
    op.create_index("ix_election_ballots_candidate_id", "election_ballots", ["candidate_id"])


def downgrade() -> None:
    for table in ("election_ballots", "election_voted", "election_roll", "election_candidates", "elections"):
        op.drop_table(table)
