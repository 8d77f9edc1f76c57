"""`flask --app alumni mail …`: letters that came back."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from alumni.core.db import db, intend
from alumni.core.reports import read_report
from alumni.letters import owner_of_reference
from alumni.mailing import actions, queries


@click.group("mail")
def mail() -> None:
    """Letters."""


@mail.command("bounced")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@with_appcontext
def bounced(folder: Path | None) -> None:
    """Take in a letter that came back: from standard input, or each that is new in the Maildir FOLDER."""
    if folder is None:
        click.echo("noted" if _take_in(sys.stdin.buffer.read()) else "nothing to note")
        return
    done = 0
    for file in sorted((folder / "new").iterdir()):
        done += _take_in(file.read_bytes())
        file.rename(folder / "cur" / f"{file.name}:2,S")
    click.echo(f"{done} noted")


def _take_in(raw: bytes) -> bool:
    """Whose it is says the signed reference of the letter: nobody else's address can be marked by a forged report."""
    intend(to_write=True)
    came_back = read_report(raw)
    handle = owner_of_reference(came_back.reference) if came_back else None
    account = queries.find_account(handle) if handle else None
    if came_back is None or account is None:
        db.session.rollback()
        return False
    actions.note_bounce(account.id, is_permanent=came_back.is_permanent, status=came_back.status)
    db.session.commit()
    return True
