"""Claims are corrected while they wait; entries are found by the words of their names."""

import sqlalchemy as sa
from alembic import op

revision = "9a2be4417cd0"
down_revision = "b73e05c19f42"
branch_labels = None
depends_on = None

BEFORE = (
    *("claimed", "asked", "answered", "evidence", "voucher_asked", "vouched", "vouch_revoked"),
    *("disputed", "verified", "declined", "revoked", "appealed", "reopened"),
)
STEPS = (*BEFORE, "corrected")


def upgrade() -> None:
    _know_steps(STEPS)
    op.create_table(
        "entry_terms",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql"), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["roster_entries.id"], name="fk_entry_terms_entry_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "term", "entry_id", name="pk_entry_terms"),
    )
    op.create_index("ix_entry_terms_entry_id", "entry_terms", ["entry_id"])
    op.create_index("ix_roster_entries_cohort", "roster_entries", ["cohort_id", "country"])
    op.execute(
        "INSERT INTO jobs (kind, payload, state, created_at, due_at, attempts, problem) "
        "SELECT 'write entry terms', '{\"after\": 0}', 'queued', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, '' "
        "WHERE EXISTS (SELECT 1 FROM roster_entries)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind IN ('write entry terms', 'drop vouches')")
    op.drop_index("ix_roster_entries_cohort", "roster_entries")
    op.drop_table("entry_terms")
    op.execute("DELETE FROM case_steps WHERE step = 'corrected'")
    _know_steps(BEFORE)


def _know_steps(steps: tuple[str, ...]) -> None:
    """SQLite copies the table, and leaves its CHECK behind by itself."""
    name, words = op.f("ck_case_steps_step"), ", ".join(f"'{step}'" for step in steps)
    is_copied = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("case_steps", recreate="always" if is_copied else "never") as batch:
        if not is_copied:
            batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"step IN ({words})"))
