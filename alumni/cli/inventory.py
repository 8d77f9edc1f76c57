"""`flask inventory`: every route and its guards."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from alumni.web.inventory import as_json, as_markdown


@click.command("inventory")
@click.option("--json", "wants_json", is_flag=True, help="As JSON, with the figures of each limit.")
@with_appcontext
def inventory(wants_json: bool) -> None:
    """Every route: methods, who may, CSRF, limit, scope of a token."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if wants_json:
        click.echo(json.dumps(as_json(app), default=str, indent=1))
    else:
        click.echo(as_markdown(app), nl=False)
