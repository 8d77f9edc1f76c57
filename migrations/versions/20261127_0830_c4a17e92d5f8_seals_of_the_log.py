"""seals of the log: what chains its lines, where an act came from, and refusals once a minute

Lines that are there are sealed by the first run of the worker. Going back forgets the seals.

Revision: c4a17e92d5f8
Follows: 91fdadb19a4f
"""

import sqlalchemy as sa
from alembic import op

revision = "c4a17e92d5f8"
down_revision = "91fdadb19a4f"
branch_labels = None
depends_on = None

KEYS = {"audit_lines": "id", "audit_seals": "id", "audit_links": "line_id"}


def upgrade() -> None:
    # Not in a batch: on SQLite that makes the table anew, without the triggers that keep it.
    op.add_column("audit_lines", sa.Column("network", sa.String(64), nullable=False, server_default=""))
    op.add_column("audit_lines", sa.Column("once", sa.String(160), nullable=True))
    said = sa.text("once IS NOT NULL")
    op.create_index(
        "uq_audit_lines_once", "audit_lines", ["once"], unique=True, sqlite_where=said, postgresql_where=said
    )
    op.create_table(
        "audit_seals",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_seals"),
    )
    op.create_table(
        "audit_links",
        sa.Column("line_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_audit_links"),
    )
    op.create_index("ix_audit_links_seal", "audit_links", ["seal_id", "line_id"])
    for table in ("audit_seals", "audit_links"):
        _refuse_changes(table)
    if op.get_bind().dialect.name == "sqlite":
        for table, key in KEYS.items():
            _refuse_to_replace(table, key, "RAISE(ABORT, 'the log is append-only')")
        # Here a second one is not an error: it is left out.
        _refuse_to_replace("audit_lines", "once", "RAISE(IGNORE)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for key in ("id", "once"):
            op.execute(f"DROP TRIGGER audit_lines_no_second_{key}")
    op.drop_table("audit_links")
    op.drop_table("audit_seals")
    op.drop_index("uq_audit_lines_once", "audit_lines")
    op.drop_column("audit_lines", "once")
    op.drop_column("audit_lines", "network")


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_refuse()"
    )


def _refuse_to_replace(table: str, key: str, answer: str) -> None:
    """INSERT OR REPLACE takes the row away that was there, and asks no trigger that watches over DELETE."""
    is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names of this file
    op.execute(
        f"CREATE TRIGGER {table}_no_second_{key} BEFORE INSERT ON {table} WHEN {is_there} BEGIN SELECT {answer}; END"
    )
