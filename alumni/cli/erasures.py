"""`flask --app alumni erasures`: who was erased, as lines to keep beside the backups, and erasing them once more."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from alumni.core.db import db, intend, reading
from alumni.core.storage import StorageAway
from alumni.mydata import actions, queries
from alumni.mydata.queries import Erased


@click.command("erasures")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def list_erasures(file: Path | None) -> None:
    """Write who was erased, by handle, to FILE or the terminal. Keep it beside the backups; `restore` reads it."""
    with reading():
        text = actions.write_lines(queries.erasures())
        db.session.rollback()
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")


def known_erasures(file: Path | None) -> list[Erased]:
    """What the store and FILE say, before a backup is restored over them. Raises ClickException."""
    try:
        said = [*actions.kept_list(), *(actions.read_lines(file.read_text(encoding="utf-8")) if file else ())]
    except (ValueError, TypeError, OSError) as error:
        raise click.ClickException(f"Nothing was restored. The list of erasures cannot be read: {error}") from error
    except StorageAway as away:
        raise click.ClickException("Nothing was restored. The store does not answer.") from away
    return list({one.handle: one for one in said}.values())


def erase_again(known: list[Erased]) -> int:
    """Whoever was erased after the backup is erased once more. How many came back with it."""
    intend(to_write=True)
    back = 0
    for erased in known:
        steps = 0
        for _ in actions.erase_again(erased):
            db.session.commit()
            steps += 1
        back += steps > 0
    actions.keep_list(known)
    db.session.rollback()
    return back
