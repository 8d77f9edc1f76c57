"""`make run`: one command that serves the product with its worker, its catalogue and a demo world.

For development and for a first look. An installation runs gunicorn, `flask work` and the migrations by itself:
see docs/operations.md.
"""

import os
import signal
import sys

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication

from alumni import create_app
from alumni.core.db import db
from alumni.members.models import Member
from alumni.programmes.models import Programme
from alumni.worker import work
from alumni.world.demo import SHARED_PASSWORD, WHO

DEMO_MEMBERS = 200


class Server(BaseApplication):
    """gunicorn with the app that is loaded already; its workers are forked from this process."""

    def __init__(self, app: Flask, port: str) -> None:
        self.app, self.port = app, port
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"127.0.0.1:{self.port}",
            "workers": 2,
            "threads": 8,
            "worker_class": "gthread",
            "preload_app": True,
            "accesslog": None,
            "loglevel": "warning",
            "keepalive": 5,
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def prepare(app: Flask) -> None:
    """Migrates, and fills an empty database with the catalogue and a demo world; both only once."""
    run = app.test_cli_runner(catch_exceptions=False)
    with app.app_context():
        upgrade()
        has_catalogue = db.session.scalar(sa.select(Programme.id).limit(1)) is not None
        has_members = db.session.scalar(sa.select(Member.account_id).limit(1)) is not None
        db.session.remove()
    if not has_catalogue:
        print("Loading the catalogue …", flush=True)
        run.invoke(args=["catalogue", "load"])
    if not has_members:
        print("Making a demo world …", flush=True)
        run.invoke(args=["demo", "--members", str(DEMO_MEMBERS)])
    with app.app_context():
        db.engine.dispose()


def start_worker(app: Flask) -> int:
    """A child process that runs jobs; it ends with this one."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then says stop
    work(app)
    sys.exit(0)


def main() -> None:
    app = create_app()
    config = app.config["ALUMNI"]
    prepare(app)
    port = os.environ.get("PORT", "8000")
    print(f"\n  Alumni Network  http://127.0.0.1:{port}\n")
    print("  Demo sign-ins   " + "\n                  ".join(email for email, _ in WHO))
    print(f"  Password        {SHARED_PASSWORD}")
    print(f"  Mail            {config.mail_url}, to read at http://127.0.0.1:{port}/dev/mail")
    print("  Stop            Ctrl-C\n", flush=True)
    child = start_worker(app)
    try:
        Server(app, port).run()
    finally:
        os.kill(child, signal.SIGTERM)


if __name__ == "__main__":
    main()
