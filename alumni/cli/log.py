"""`flask --app alumni audit …`: sealing the log, and proving that nobody bent it."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext

from alumni.core import seals
from alumni.core.db import db, give_way, intend, reading
from alumni.web.gate import signer

PURPOSE = "checkpoint"
FOR_EVER_S = 200 * 365 * 24 * 3600


@click.group("audit")
def audit() -> None:
    """The append-only log."""


@audit.command("seal")
@with_appcontext
def seal() -> None:
    """Seal every line that no seal covers yet. The worker does the same each minute."""
    intend(to_write=True)
    done = 0
    for lines in seals.seal_lines(everything=True):
        db.session.commit()
        give_way()
        done += lines
    db.session.rollback()
    click.echo(f"{done:,} lines sealed")


@audit.command("checkpoint")
@with_appcontext
def checkpoint() -> None:
    """Print how far the chain has come, signed. Keep it where nobody reaches who could write to the database."""
    with reading():
        facts = asdict(seals.checkpoint())
    click.echo(json.dumps(facts | {"signed": signer().sign(PURPOSE, facts)}))


@audit.command("verify")
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `audit checkpoint` printed once: then a log that was cut off or written anew since is noticed, too.",
)
@with_appcontext
def verify(file: Path | None) -> None:
    """Go through the whole log, and name the first entry that is bent, missing or cut."""
    known = _read_checkpoint(file) if file else None
    with reading():
        try:
            _go_through(known)
        except seals.LogBroken as broken:
            words = f"{broken.kind.capitalize()}: {broken.entry}"
            raise click.ClickException(f"The log is not as it was sealed. {words}") from broken
        finally:
            db.session.rollback()


def _go_through(known: seals.Checkpoint | None) -> None:
    sealed, count = 0, 0
    with click.progressbar(length=seals.count_sealed(), label="Lines") as bar:
        for number, lines in enumerate(seals.verify(known), start=1):
            bar.update(lines)
            sealed, count = sealed + lines, number
    click.echo(f"{sealed:,} lines sealed by {count:,} seals, {seals.count_waiting():,} wait for the next.")


def _read_checkpoint(file: Path) -> seals.Checkpoint:
    """What was signed counts, and what stands beside it to be read must say the same."""
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        signed = read.pop("signed")
    except (ValueError, AttributeError, KeyError, TypeError):
        raise click.ClickException("This file is not a checkpoint.") from None
    facts = signer().read(PURPOSE, str(signed), max_age_s=FOR_EVER_S)
    if facts is None or facts != read:
        raise click.ClickException("This checkpoint was not signed by this installation, or was changed since.")
    return seals.Checkpoint(**facts)
