"""Teams of groups and events.

Revision: 91c4e6d07a2b
Follows: 3f7b20c9d415
"""

import sqlalchemy as sa
from alembic import op

revision = "91c4e6d07a2b"
down_revision = "3f7b20c9d415"
branch_labels = None
depends_on = None


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def to(table: str, column: str, target: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=on_delete)


def upgrade() -> None:
    op.create_table(
        "team_rounds",
        number("id"),
        text("key", 16),
        number("group_id", nullable=True),
        number("event_id", nullable=True),
        text("title", 200),
        text("task"),
        moment("deadline_at"),
        text("zone", 64),
        number("size"),
        sa.Column("forms_itself", sa.Boolean(), nullable=False),
        sa.Column("opens_after", sa.Boolean(), nullable=False),
        number("made_by_id", nullable=True),
        moment("made_at"),
        to("team_rounds", "group_id", "groups.id"),
        to("team_rounds", "event_id", "events.id"),
        to("team_rounds", "made_by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_team_rounds"),
        sa.UniqueConstraint("key", name="uq_team_rounds_key"),
        sa.CheckConstraint("(group_id IS NULL) <> (event_id IS NULL)", name=op.f("ck_team_rounds_one_place")),
        sa.CheckConstraint("size BETWEEN 2 AND 50", name=op.f("ck_team_rounds_size")),
    )
    for column in ("group_id", "event_id", "made_by_id"):
        op.create_index(f"ix_team_rounds_{column}", "team_rounds", [column])
    op.create_table(
        "teams",
        number("id"),
        text("key", 16),
        number("round_id"),
        text("name", 120),
        number("people"),
        text("title", 200),
        text("idea"),
        number("edits"),
        moment("handed_in_at", nullable=True),
        moment("made_at"),
        to("teams", "round_id", "team_rounds.id"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("key", name="uq_teams_key"),
        sa.UniqueConstraint("round_id", "name", name="uq_teams_name"),
        sa.CheckConstraint("people BETWEEN 0 AND 50", name=op.f("ck_teams_people")),
    )
    op.create_table(
        "team_members",
        number("round_id"),
        number("account_id"),
        number("team_id"),
        to("team_members", "round_id", "team_rounds.id"),
        to("team_members", "account_id", "members.account_id"),
        to("team_members", "team_id", "teams.id"),
        sa.PrimaryKeyConstraint("round_id", "account_id", name="pk_team_members"),
    )
    op.create_index("ix_team_members_team", "team_members", ["team_id", "account_id"])
    op.create_index("ix_team_members_account_id", "team_members", ["account_id"])
    op.create_table(
        "team_versions",
        number("team_id"),
        number("number"),
        text("title", 200),
        text("idea"),
        number("by_id", nullable=True),
        moment("handed_in_at"),
        to("team_versions", "team_id", "teams.id"),
        to("team_versions", "by_id", "accounts.id", "SET NULL"),
        sa.PrimaryKeyConstraint("team_id", "number", name="pk_team_versions"),
    )
    op.create_index("ix_team_versions_by_id", "team_versions", ["by_id"])
    op.create_table(
        "mentors",
        number("round_id"),
        number("account_id"),
        to("mentors", "round_id", "team_rounds.id"),
        to("mentors", "account_id", "members.account_id"),
        sa.PrimaryKeyConstraint("round_id", "account_id", name="pk_mentors"),
    )
    op.create_index("ix_mentors_account_id", "mentors", ["account_id"])
    op.create_table(
        "team_comments",
        number("id"),
        text("key", 16),
        number("team_id"),
        number("author_id", nullable=True),
        text("body"),
        moment("made_at"),
        to("team_comments", "team_id", "teams.id"),
        to("team_comments", "author_id", "members.account_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_team_comments"),
        sa.UniqueConstraint("key", name="uq_team_comments_key"),
    )
    op.create_index("ix_team_comments_team", "team_comments", ["team_id", "made_at", "id"])
    op.create_index("ix_team_comments_author_id", "team_comments", ["author_id"])


def downgrade() -> None:
    for table in ("team_comments", "mentors", "team_versions", "team_members", "teams", "team_rounds"):
        op.drop_table(table)
