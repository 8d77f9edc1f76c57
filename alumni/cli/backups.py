"""`flask --app alumni backup FILE` while the site runs, and `restore FILE` elsewhere, from and to either engine."""

from pathlib import Path

import click
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from alumni.accounts.models import PendingSignIn, SignIn
from alumni.cli.erasures import erase_again, known_erasures
from alumni.core import backups, clock, tables
from alumni.core.archives import ArchiveRefused, new_file
from alumni.core.db import db, filling, snapshot
from alumni.core.jobs import Job
from alumni.core.limits import Tries
from alumni.core.storage import StorageAway, files
from alumni.members.models import Offer

# Who has the file can open no session with it; everybody signs in anew. Counts of tries are over in an hour.
LEFT_OUT = (SignIn.__tablename__, PendingSignIn.__tablename__, Tries.__tablename__)
# The migrations write rows into these, so they are never empty; a backup brings its own.
REFILLED = (Offer.__tablename__, Job.__tablename__)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def back_up(file: Path) -> None:
    """Write all rows of this moment and all pictures to FILE while the site runs. An existing file is kept."""
    if file.exists():
        raise click.ClickException(f"{file} is there already, and it was left as it is. Name another.")
    try:
        with snapshot() as connection, new_file(file) as out:
            backup = backups.Backup(connection, out, clock.now(), without=LEFT_OUT)
            with click.progressbar(length=backup.rows, label="Rows") as bar:
                for rows in backup.write_rows():
                    bar.update(rows)
            with click.progressbar(backup.write_files(files()), label="Files", show_pos=True) as written:
                for _ in written:
                    pass
            backup.close()
    except StorageAway as away:
        raise click.ClickException("The store does not answer. No backup was written.") from away
    except FileExistsError as there:
        raise click.ClickException(f"{file} appeared meanwhile, and it was left as it is.") from there
    except (OSError, sa.exc.DatabaseError) as error:
        raise click.ClickException(f"No backup was written. {error}") from error
    gone = f" ({backup.gone} were deleted meanwhile)" if backup.gone else ""
    click.echo(f"{backup.rows:,} rows and {backup.files:,} files{gone} in {file}, {file.stat().st_size:,} bytes.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--erasures",
    "erased",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who was erased since, as `erasures` wrote it: they are erased again, like those of whom the store knows.",
)
@with_appcontext
def restore(file: Path, erased: Path | None) -> None:
    """Fill an empty database and the store with what FILE holds: all of it, or nothing.

    FILE is checked from end to end first. A database without tables is migrated; FILE may come from the other engine
    and from an older release.
    """
    known = known_erasures(erased)
    try:
        with click.progressbar(length=file.stat().st_size, label="Checking") as bar:
            contents = backups.look_through(file, read=bar.update)
        _reach(contents.revision)
        _fill(contents)
    except ArchiveRefused as refused:
        raise click.ClickException(f"Nothing was restored. {refused}") from refused
    except StorageAway as away:
        raise click.ClickException("Nothing was restored. The store does not answer, or is full.") from away
    except sa.exc.DatabaseError as error:
        raise click.ClickException(f"Nothing was restored. {error.orig}") from error
    if contents.revision != _migrations().get_current_head():
        upgrade()
    click.echo(f"{contents.rows:,} rows and {contents.files:,} files of {contents.moment}.")
    if again := erase_again(known):
        click.echo(f"Erased again, because they were erased after this backup: {again:,}.")


def _reach(revision: str) -> None:
    """Brings an empty database to the migration of a backup. Raises ArchiveRefused when that cannot be."""
    try:
        _migrations().get_revision(revision)
    except CommandError as unknown:
        raise ArchiveRefused(
            f"It comes from a newer release: this one does not know its migration {revision}."
        ) from unknown
    with db.engine.connect() as connection:
        there = tables.revision(connection)
    if there is None:
        upgrade(revision=revision)
    elif there != revision:
        raise ArchiveRefused(
            f"The database is at the migration {there}, the backup at {revision}. "
            "Restore into a database without tables: it is migrated on the way."
        )


def _fill(contents: backups.Contents) -> None:
    with filling() as connection, connection.begin():
        length = contents.rows + contents.files
        with click.progressbar(length=length, label="Restoring") as bar:
            for rows, stored in backups.restore(contents, connection, files(), refilled=REFILLED):
                bar.update(rows + stored)


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(str(current_app.config["MIGRATIONS"]))
