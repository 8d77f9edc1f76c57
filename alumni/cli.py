"""Commands for whoever runs an installation: `flask --app alumni …`."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from alumni import worker
from alumni.accounts import actions as accounts
from alumni.accounts.models import Account, AccountState, StaffRole
from alumni.accounts.queries import find_by_email
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.viewer import GUEST


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


def install(app: Flask) -> None:
    for command in (work, admin):
        app.cli.add_command(command)
