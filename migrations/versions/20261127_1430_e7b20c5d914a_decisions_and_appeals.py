"""decisions and appeals: five decisions with a rule, one case for each thing, whose turn it is, appeals

What was reported by several people and not decided becomes one case, that of the first report. Going back forgets
appeals and reports of groups; a warning reads as left as it is, what was removed as hidden.

Revision: e7b20c5d914a
Follows: e5b1c07f3a92
"""

import sqlalchemy as sa
from alembic import op

revision = "e7b20c5d914a"
down_revision = "e5b1c07f3a92"
branch_labels = None
depends_on = None

OLD_THINGS = ("post_id", "event_id", "member_id", "message_id")
THINGS = (*OLD_THINGS, "group_id")
RULES = ("abuse", "false", "spam", "danger", "private", "other")
RUNGS = ("organisers", "moderators", "admins")
DECISIONS = ("none", "warned", "hidden", "removed", "suspended")
KEYS = {"group_id": "groups.id", "first_id": "reports.id", "about_id": "accounts.id"}


def upgrade() -> None:
    with op.batch_alter_table("reports") as batch:
        for column in KEYS:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch.create_index(op.f(f"ix_reports_{column}"), [column])
        batch.add_column(sa.Column("rung", sa.String(24), nullable=False, server_default="moderators"))
        batch.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("decision_rule", sa.String(24), nullable=True))
        batch.add_column(sa.Column("has_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
        for column, target in KEYS.items():
            table, key = target.split(".")
            batch.create_foreign_key(op.f(f"fk_reports_{column}"), table, [column], [key], ondelete="SET NULL")
        batch.drop_constraint(op.f("ck_reports_decision"), type_="check")
        batch.drop_constraint(op.f("ck_reports_one_thing"), type_="check")
        batch.create_check_constraint(op.f("ck_reports_decision"), _is_one_of("decision", DECISIONS))
        batch.create_check_constraint(op.f("ck_reports_decision_rule"), _is_one_of("decision_rule", RULES))
        batch.create_check_constraint(op.f("ck_reports_rung"), _is_one_of("rung", RUNGS))
        batch.create_check_constraint(op.f("ck_reports_one_thing"), _one_of_these(THINGS))
    op.execute("UPDATE reports SET due_at = created_at, has_hidden = (decision = 'hidden' AND member_id IS NULL)")
    op.execute("UPDATE reports SET has_hidden = false WHERE has_hidden IS NULL")
    author = "snapshot ->> 'author'"
    op.execute(f"UPDATE reports SET about_id = (SELECT id FROM accounts WHERE handle = {author})")  # noqa: S608
    for thing in OLD_THINGS:
        waits = f"state <> 'decided' AND {thing} IS NOT NULL"
        first = f"SELECT min(o.id) FROM reports o WHERE o.{thing} = reports.{thing} AND o.state <> 'decided'"  # noqa: S608
        op.execute(f"UPDATE reports SET first_id = ({first}) WHERE {waits}")  # noqa: S608
    op.execute("UPDATE reports SET first_id = NULL WHERE first_id = id")
    with op.batch_alter_table("reports") as batch:
        batch.alter_column("due_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    _index("ix_reports_due", ["due_at"], "state = 'open' AND first_id IS NULL", unique=False)
    _index("uq_reports_group_id_once", ["reporter_id", "group_id"], "state <> 'decided'")
    for thing in THINGS:
        _index(f"uq_reports_{thing}_case", [thing], "state <> 'decided' AND first_id IS NULL")
    states = sa.Enum(
        "appealed", "upheld", "reversed", name="state", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'appealed') = (decided_at IS NULL)", name=op.f("ck_appeals_decided")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_appeals_decided_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_appeals_report_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("report_id", name=op.f("uq_appeals_report_id")),
    )
    op.create_index("ix_appeals_waiting", "appeals", ["state", "created_at", "id"])


def downgrade() -> None:
    op.drop_table("appeals")
    for thing in THINGS:
        op.drop_index(f"uq_reports_{thing}_case", "reports")
    op.drop_index("uq_reports_group_id_once", "reports")
    op.drop_index("ix_reports_due", "reports")
    op.execute("DELETE FROM reports WHERE group_id IS NOT NULL")
    op.execute("UPDATE reports SET decision = 'none' WHERE decision = 'warned'")
    op.execute("UPDATE reports SET decision = 'hidden' WHERE decision = 'removed'")
    with op.batch_alter_table("reports") as batch:
        for name in ("decision", "decision_rule", "rung", "one_thing"):
            batch.drop_constraint(op.f(f"ck_reports_{name}"), type_="check")
        for column in KEYS:
            batch.drop_constraint(op.f(f"fk_reports_{column}"), type_="foreignkey")
            batch.drop_index(op.f(f"ix_reports_{column}"))
        for column in (*KEYS, "rung", "due_at", "held_at", "decision_rule", "has_hidden"):
            batch.drop_column(column)
        batch.create_check_constraint(
            op.f("ck_reports_decision"), _is_one_of("decision", ("none", "hidden", "suspended"))
        )
        batch.create_check_constraint(op.f("ck_reports_one_thing"), _one_of_these(OLD_THINGS))


def _is_one_of(column: str, words: tuple[str, ...]) -> sa.TextClause:
    return sa.text(f"{column} IN ({', '.join(repr(word) for word in words)})")


def _one_of_these(columns: tuple[str, ...]) -> sa.TextClause:
    return sa.text(" + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns) + " <= 1")


def _index(name: str, columns: list[str], where: str, *, unique: bool = True) -> None:
    op.create_index(
        name, "reports", columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
