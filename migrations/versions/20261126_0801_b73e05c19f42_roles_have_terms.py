"""Roles in groups have terms of their own; groups are muted and archived.

Revision: b73e05c19f42
Follows: edabfecc6471
"""

import sqlalchemy as sa
from alembic import op

revision = "b73e05c19f42"
down_revision = "edabfecc6471"
branch_labels = None
depends_on = None

ROLES = ("organiser", "officer", "records", "moderator", "observer")


def upgrade() -> None:
    op.create_table(
        "tenures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("appointed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_tenures_term"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name="fk_tenures_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"], ["accounts.id"], name="fk_tenures_appointed_by_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="fk_tenures_group_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tenures"),
        sa.UniqueConstraint("key", name="uq_tenures_key"),
    )
    op.create_index("ix_tenures_group", "tenures", ["group_id", "role", "account_id"])
    op.create_index("ix_tenures_account", "tenures", ["account_id", "role", "group_id"])
    op.create_index("ix_tenures_end", "tenures", ["ends_on", "id"])
    op.create_index("ix_tenures_appointed_by_id", "tenures", ["appointed_by_id"])
    # An organiser whose term was over before they joined had none.
    op.execute(
        "INSERT INTO tenures (key, group_id, account_id, role, title, starts_on, ends_on, created_at, end_reason) "
        "SELECT 'm' || account_id || '.' || group_id, group_id, account_id, 'organiser', '', "
        "substr(CAST(joined_at AS VARCHAR(40)), 1, 10), term_ends_on, joined_at, '' FROM memberships "
        "WHERE role = 'organiser' AND state = 'active' "
        "AND (term_ends_on IS NULL OR term_ends_on >= substr(CAST(joined_at AS VARCHAR(40)), 1, 10))"
    )
    with op.batch_alter_table("memberships") as batch:
        batch.drop_constraint(op.f("ck_memberships_role"), type_="check")
        batch.drop_column("role")
        batch.drop_column("term_ends_on")
        batch.add_column(sa.Column("is_muted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("groups", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("groups") as batch:
        batch.drop_column("archived_at")
    with op.batch_alter_table("memberships") as batch:
        batch.drop_column("is_muted")
        batch.add_column(sa.Column("role", sa.String(24), nullable=False, server_default="member"))
        batch.add_column(sa.Column("term_ends_on", sa.String(10), nullable=True))
        batch.create_check_constraint(op.f("ck_memberships_role"), "role IN ('member', 'organiser')")
    running = (
        "FROM tenures WHERE tenures.group_id = memberships.group_id AND tenures.account_id = memberships.account_id "
        "AND tenures.role = 'organiser' AND tenures.ended_at IS NULL"
    )
    op.execute(
        f"UPDATE memberships SET role = 'organiser', term_ends_on = (SELECT max(ends_on) {running}) "  # noqa: S608
        f"WHERE state = 'active' AND EXISTS (SELECT 1 {running})"
    )
    op.drop_table("tenures")
