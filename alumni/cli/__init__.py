"""Commands for whoever runs an installation: `flask --app alumni …`."""

import json
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
from alumni.cli.log import audit as audit_commands
from alumni.cli.mail import mail
from alumni.cli.rosters import roster
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.viewer import GUEST
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


@click.command("inventory")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_appcontext
def inventory(as_json: bool) -> None:
    """Every route: its methods, who may come in, and whether it takes forms."""
    rows = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = current_app.view_functions[rule.endpoint]
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        who = "everybody" if getattr(view, "is_public", False) else "signed in"
        who = "signed in, suspended too" if getattr(view, "is_for_suspended", False) else who
        rows.append(
            {
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "methods": methods,
                "who": who,
                "csrf": any(method != "GET" for method in methods),
            }
        )
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo(f"{','.join(row['methods']):16} {row['who']:26} {row['rule']}")


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
