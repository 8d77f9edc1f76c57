"""Letters are chosen by kind and by group, gathered, and stopped where addresses do not work.

Revision: 62e6a657cc66
Follows: 4148d307248e
"""

import sqlalchemy as sa
from alembic import op

revision = "62e6a657cc66"
down_revision = "4148d307248e"
branch_labels = None
depends_on = None

RHYTHMS = ("at once", "daily", "weekly", "none")
KINDS = (
    *("necessary", "invitation", "news", "announcements", "answers", "messages"),
    *("reminders", "questions", "elections", "digest", "profile"),
)
AT_ONCE = sa.text("rhythm = 'at once'")


def one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def of_account(table: str, target: str = "accounts.id") -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], [target], name=f"fk_{table}_account_id", ondelete="CASCADE"),
    ]


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "bounces",
        *of_account("bounces"),
        sa.Column("times", sa.Integer(), nullable=False),
        moment("last_at"),
        moment("bounced_at", nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_bounces"),
    )
    op.create_table(
        "digests",
        *of_account("digests"),
        moment("next_at"),
        moment("daily_at"),
        moment("weekly_at"),
        sa.PrimaryKeyConstraint("account_id", name="pk_digests"),
    )
    op.create_index("ix_digests_next_at", "digests", ["next_at"])
    op.create_table(
        "letter_choices",
        *of_account("letter_choices"),
        sa.Column("kind", one_of("kind", KINDS), nullable=False),
        sa.Column("rhythm", one_of("rhythm", RHYTHMS), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "kind", name="pk_letter_choices"),
    )
    op.create_table(
        "quiet_hours",
        *of_account("quiet_hours"),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_quiet_hours"),
        sa.CheckConstraint("starts BETWEEN 0 AND 23 AND ends BETWEEN 0 AND 23", name=op.f("ck_quiet_hours_hours")),
    )
    op.create_table(
        "told",
        *of_account("told"),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        moment("written_at"),
        sa.PrimaryKeyConstraint("account_id", "about", name="pk_told"),
    )
    op.create_index("ix_told_written_at", "told", ["written_at"])
    op.create_table(
        "profile_checks",
        *of_account("profile_checks", "members.account_id"),
        moment("asked_at", nullable=True),
        moment("confirmed_at", nullable=True),
        sa.PrimaryKeyConstraint("account_id", name="pk_profile_checks"),
    )
    with op.batch_alter_table("memberships") as batch:
        batch.add_column(sa.Column("rhythm", one_of("rhythm", RHYTHMS), nullable=False, server_default="weekly"))
    op.execute("UPDATE memberships SET rhythm = 'none' WHERE is_muted")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_column("is_muted")
        batch.create_index(
            "ix_memberships_at_once", ["group_id", "account_id"], sqlite_where=AT_ONCE, postgresql_where=AT_ONCE
        )


def downgrade() -> None:
    with op.batch_alter_table("memberships") as batch:
        batch.add_column(sa.Column("is_muted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_index("ix_memberships_at_once")
    op.execute("UPDATE memberships SET is_muted = (rhythm = 'none')")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_constraint(op.f("ck_memberships_rhythm"), type_="check")
        batch.drop_column("rhythm")
    for table in ("profile_checks", "told", "quiet_hours", "letter_choices", "digests", "bounces"):
        op.drop_table(table)
