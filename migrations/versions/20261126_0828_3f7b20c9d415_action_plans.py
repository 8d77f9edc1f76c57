"""Action plans and how they go.

Revision: 3f7b20c9d415
Follows: c4d10f7e82ab
"""

import sqlalchemy as sa
from alembic import op

revision = "3f7b20c9d415"
down_revision = "c4d10f7e82ab"
branch_labels = None
depends_on = None

AUDIENCES = ("only_me", "group", "officers")
PROGRESS = ("well", "slowly", "stopped", "done")


def one_of(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="CASCADE")


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.String(300), nullable=False),
        sa.Column("by_when", sa.String(10), nullable=False),
        sa.Column("first_step", sa.String(300), nullable=False),
        sa.Column("audience", one_of("audience", AUDIENCES), nullable=False),
        moment("made_at"),
        moment("updated_at"),
        to("plans", "group_id", "groups.id"),
        to("plans", "account_id", "members.account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
        sa.UniqueConstraint("key", name="uq_plans_key"),
        sa.UniqueConstraint("group_id", "account_id", name="uq_plans_of_member"),
    )
    op.create_index("ix_plans_account_id", "plans", ["account_id"])
    op.create_index("ix_plans_newest", "plans", ["group_id", "made_at", "id"])
    op.create_table(
        "check_ins",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        moment("due_at"),
        moment("asked_at", nullable=True),
        sa.Column("progress", one_of("progress", PROGRESS)),
        sa.Column("words", sa.Text(), nullable=False),
        moment("answered_at", nullable=True),
        to("check_ins", "plan_id", "plans.id"),
        sa.PrimaryKeyConstraint("plan_id", "months", name="pk_check_ins"),
        sa.CheckConstraint("(progress IS NULL) = (answered_at IS NULL)", name=op.f("ck_check_ins_answered")),
    )
    op.create_index("ix_check_ins_due", "check_ins", ["asked_at", "due_at"])


def downgrade() -> None:
    op.drop_table("check_ins")
    op.drop_table("plans")
