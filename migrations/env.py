"""Runs the migrations inside the app, on SQLite and on PostgreSQL."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]
config = context.config


def include_name(name, kind, parents):
    """Full-text tables belong to their own revisions; autogenerate must not drop them."""
    return not (kind == "table" and name.split("_")[0] == "fts")


def render_item(kind, item, autogen_context):
    """Our column types are written as what they are in the database: a migration imports nothing of ours."""
    if kind == "type" and type(item).__module__ == "alumni.core.db":
        return f"sa.DateTime(timezone={item.impl.timezone})"
    return False


def run() -> None:
    options = {"include_name": include_name, "render_item": render_item, **migrate.configure_args}
    with migrate.db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A batch ALTER drops and renames the table: with foreign keys on, that deletes its children.
            # Said to the driver itself: inside a transaction SQLite ignores it, and SQLAlchemy would begin one.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(connection=connection, target_metadata=migrate.db.metadata, transactional_ddl=True, **options)
        with context.begin_transaction():
            if not is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20071221)")  # several starts at once
            context.run_migrations()
            if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"broken references after migration: {broken}")
        if is_sqlite:
            connection.commit()
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


run()
