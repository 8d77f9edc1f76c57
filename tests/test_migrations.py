"""The schema comes from the migrations: up, down, up with rows in it, without drift, on both engines."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from alumni import worker
from alumni.core.db import Base, db
from tests.cast import make_cast

# What the cast has of tables that are younger than the first of the migrations that are gone back.
YOUNGER = {"mandates": 0, "mandate_programmes": 0, "quiet_hours": 0}
VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def test_no_drift_between_models_and_migrations(alone):
    with alone.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_one_head():
    assert len(ScriptDirectory(str(VERSIONS.parent)).get_heads()) == 1


def test_up_down_up_with_rows(alone):
    with alone.app_context():
        make_cast()
        db.session.remove()
        before = counts()
        assert (before["memberships"], before["listings"]) == (5, 16)
        downgrade(revision="0a1c7e5d3b90")
        upgrade()
        worker.run_due()  # what is made from other rows is made anew by a job
        db.session.remove()
        assert counts() == before | YOUNGER
        downgrade(revision="base")
        assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        make_cast()
        db.session.remove()
        assert count(Base.metadata.tables["memberships"]) == 5


def counts() -> dict[str, int]:
    return {table.name: count(table) for table in Base.metadata.sorted_tables if table.name != "jobs"}


def test_foreign_keys_hold_after_migrating(alone):
    """A batch change on SQLite switches foreign keys off; it must switch them on again."""
    with alone.app_context():
        upgrade()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1


@pytest.mark.parametrize("verb", ["UPDATE audit_lines SET reason = 'nothing happened'", "DELETE FROM audit_lines"])
def test_the_log_cannot_be_bent(alone, verb):
    with alone.app_context(), db.engine.connect() as connection:
        insert = (
            "INSERT INTO audit_lines (at, actor_id, action, subject, reason, facts) "
            "VALUES ('2026-01-01', 1, 'a', 'b', '', '{}')"
        )
        connection.execute(sa.text(insert))
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            connection.execute(sa.text(verb))


def test_sqlite_is_durable(alone):
    with alone.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            values = [
                connection.exec_driver_sql(f"pragma {p}").scalar()
                for p in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert values == ["wal", 2, 1]


def test_migrations_import_nothing_of_ours():
    for file in VERSIONS.glob("*.py"):
        assert "alumni" not in file.read_text(), file.name


def count(table: sa.Table) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table))
