"""append-only log: the database itself refuses to change or delete a line

Revision: 5b2e9f60c1d4
Follows: 0a1c7e5d3b90
"""

from alembic import op

revision = "5b2e9f60c1d4"
down_revision = "0a1c7e5d3b90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_lines_no_{verb} BEFORE {verb.upper()} ON audit_lines "
                "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_lines_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lines "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_refuse()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_lines_no_{verb}")
        return
    op.execute("DROP TRIGGER audit_lines_append_only ON audit_lines")
    op.execute("DROP FUNCTION audit_lines_refuse()")
