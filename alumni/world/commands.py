"""`flask --app alumni world load FILE.json` and `flask --app alumni demo`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from alumni.accounts.actions import hash_password
from alumni.core import clock, tokens
from alumni.core.db import db
from alumni.world.demo import SHARED_PASSWORD, WHO, CatalogueMissing, Demo, count_members
from alumni.world.loading import load_world
from alumni.world.reading import BrokenWorld, read_world


@click.group("world")
def world() -> None:
    """Worlds that a file describes."""


@world.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def load(file: Path) -> None:
    """Build the world that FILE describes. docs/world.md has the format.

    A broken file is refused with the path and the reason of every value that is wrong, and nothing is stored.
    What is there already stays as it is, so the same file can be loaded again.
    """
    try:
        loaded = load_world(read_world(file.read_bytes()), clock.now(), source=file.name)
    except BrokenWorld as broken:
        db.session.rollback()
        for problem in broken.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"{file.name} was refused. Nothing was stored.") from broken
    db.session.commit()
    for kind in sorted(loaded.made | loaded.kept):
        there = f" ({loaded.kept[kind]} there already)" if loaded.kept[kind] else ""
        click.echo(f"{kind}: {loaded.made[kind]} made{there}")


@click.command("demo")
@click.option("--members", default=200, show_default=True, type=click.IntRange(10, 1_000_000), help="How many people.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same world.")
@click.option("--more", is_flag=True, help="Add people although there are some already.")
@with_appcontext
def demo(members: int, seed: int, more: bool) -> None:
    """Fill the catalogue with invented people, groups full of life, and a few known sign-ins.

    All of it is one transaction: stopped half-way, it leaves nothing behind.
    """
    there = count_members()
    if there and not more:
        click.echo(f"There are {there:,} members already, so no demo world was made. --more adds people to them.")
        return
    # The password in the source opens nothing outside development.
    password = SHARED_PASSWORD if current_app.config["ALUMNI"].is_development else tokens.new_secret()
    world = Demo(members=members, seed=seed, now=clock.now(), password_hash=hash_password(password))
    try:
        with click.progressbar(length=members, label="People") as bar:
            for made in world.fill():
                bar.update(made)
    except CatalogueMissing as missing:
        db.session.rollback()
        raise click.ClickException("There are no cohorts yet: flask --app alumni catalogue load") from missing
    db.session.commit()
    click.echo(f"{world.made:,} people in {world.writer.made['cohorts']:,} invented and the real cohorts.")
    if world.has_sign_ins:
        click.echo(f"The new people sign in with the password: {password}")
        return
    click.echo("Sign in as one of these, all with the password: " + password)
    for email, name in WHO:
        click.echo(f"  {email:<24} {name}")
