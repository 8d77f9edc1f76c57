"""Commands for whoever runs an installation: `flask --app alumni …`."""

from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext

from alumni import catalogue, worker
from alumni.accounts import actions as accounts
from alumni.accounts.models import Account, AccountState, StaffRole
from alumni.accounts.queries import find_by_email
from alumni.cli.backups import back_up, restore
from alumni.cli.erasures import list_erasures
from alumni.cli.inventory import inventory
from alumni.cli.log import audit as audit_commands
from alumni.cli.mail import mail
from alumni.cli.rosters import roster
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.viewer import GUEST, Viewer
from alumni.members import actions as members
from alumni.members.models import Member
from alumni.world import commands as world_commands


@click.command("work")
@click.option("--once", is_flag=True, help="Run what is due and end.")
@click.option("--threads", default=2, show_default=True)
@with_appcontext
def work(once: bool, threads: int) -> None:
    """Run jobs: mail and what else was promised."""
    if once:
        click.echo(f"{worker.run_due()} done")
    else:
        worker.work(current_app._get_current_object(), threads=threads)  # type: ignore[attr-defined]


@click.group("admin")
def admin() -> None:
    """Administrators."""


@admin.command("create")
@click.argument("email")
@click.password_option()
@with_appcontext
def create_admin(email: str, password: str) -> None:
    """Make EMAIL an administrator, with an account if there is none."""
    email = accounts.normalise_email(email)
    account = find_by_email(email)
    if account is None:
        account = Account(email=email, password_hash=accounts.hash_password(password))
        db.session.add(account)
    account.state, account.staff_role = AccountState.ACTIVE, StaffRole.ADMIN
    account.confirmed_at = account.confirmed_at or clock.now()
    db.session.flush()
    audit.record(GUEST, "account.admin", f"account:{account.handle}", reason="command line")
    db.session.commit()
    click.echo(f"{email} is an administrator.")


@admin.command("second-factor-off")
@click.argument("email")
@click.option("--reason", required=True, help="How you know that it is them.")
@with_appcontext
def take_second_factor_off(email: str, reason: str) -> None:
    """Let the password alone open an account again whose owner has lost the app and the paper."""
    account = find_by_email(email.strip().lower())
    if account is None:
        raise click.ClickException(f"{email} has no account.")
    accounts.end_second_factor(Viewer(id=account.id))
    audit.record(GUEST, "account.second_factor_off", f"account:{account.handle}", reason=reason)
    db.session.commit()
    click.echo(f"{email} signs in with the password alone. A letter says so.")


@click.group("catalogue")
def catalogue_commands() -> None:
    """Families, programmes, cohorts, associations, meetings and published figures."""


@catalogue_commands.command("load")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@with_appcontext
def load_catalogue(folder: Path | None) -> None:
    """Load the catalogue files in FOLDER, by default those of the product. Loading twice changes nothing."""
    try:
        report = catalogue.load(folder or Path(current_app.root_path).parent / "catalogue")
    except catalogue.CatalogueBroken as error:
        raise click.ClickException(f"Nothing was loaded.\n{error}") from error
    db.session.commit()
    for line in report.lines():
        click.echo(line)


@click.group("listings")
def listings() -> None:
    """What each audience may see of the members, and the terms by which it finds them."""


@listings.command("rebuild")
@click.option("--after", default=0, show_default=True, help="Go on behind this member.")
@with_appcontext
def rebuild_listings(after: int) -> None:
    """Write all listings anew while the site runs. Stopped with Ctrl-C, it says how to go on."""
    left = sa.select(sa.func.count()).select_from(Member).where(Member.account_id > after)
    total = db.session.scalar(left) or 0
    db.session.rollback()
    try:
        with click.progressbar(length=total, label="Members") as bar:
            for last, count in members.rebuild_listings(after=after):
                db.session.commit()
                after = last
                bar.update(count)
    except KeyboardInterrupt:
        db.session.rollback()
        raise click.ClickException(f"Stopped. To go on: flask --app alumni listings rebuild --after {after}") from None
    click.echo(f"{total:,} members")


def install(app: Flask) -> None:
    commands = (work, admin, inventory, catalogue_commands, listings, world_commands.world, world_commands.demo)
    for command in (*commands, roster, audit_commands, mail, back_up, restore, list_erasures):
        app.cli.add_command(command)
