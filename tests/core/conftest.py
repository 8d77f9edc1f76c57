"""What backups are made of and where they are restored."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from alumni import create_app
from alumni.accounts.models import Account, PendingSignIn, SignIn
from alumni.core import clock, jobs, storage
from alumni.core.db import db
from alumni.core.limits import Tries
from alumni.members.models import Member
from alumni.programmes.models import Programme
from tests.conftest import Databases, config_for
from tests.core.places import Place

STRANGE = "a\tb\nc\r\nd\\e\\N\\t \u2028\x0b\x85 名前 🎎 'quoted\" ,"
PICTURES = {
    "pictures/ab/abc-48.webp": b"\0\xff" * 5000,
    "posts/cd/x.webp": b"",
    "evidence/ef/paper": os.urandom(200_000),
}


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes another installation, on a database of one of the engines that has no tables yet."""
    made: list[Place] = []

    def make(engine: str) -> Place:
        uri = request.getfixturevalue("postgres") if engine == "postgresql" else ""
        folder = tmp_path / f"elsewhere{len(made)}"
        folder.mkdir()
        url = Databases(engine, folder, uri).make("e" + os.urandom(6).hex(), template=None)
        made.append(Place(create_app(config_for(url, folder)), folder))
        return made[-1]

    yield make
    for place in made:
        with place.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session")
def source(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A demo world with pictures, and with values that are easily lost on the way."""
    folder = tmp_path_factory.mktemp("source")
    place = Place(create_app(config_for(databases.fresh(), folder)), folder)
    assert place.run("catalogue", "load").exit_code == 0
    assert place.run("demo", "--members", 40).exit_code == 0
    with place.app.app_context():
        add_what_is_easily_lost()
    for name, data in PICTURES.items():
        storage.files().put(name, data)
    yield place
    with place.app.app_context():
        db.session.remove()
        db.engine.dispose()


def add_what_is_easily_lost() -> None:
    member = db.session.scalars(sa.select(Member).order_by(Member.account_id)).first()
    assert member is not None
    member.headline, member.city = STRANGE, ""
    first, second = db.session.scalars(sa.select(Programme).order_by(Programme.id).limit(2))
    first.predecessor_id = second.id  # the lower id names the higher one
    account = db.session.get_one(Account, member.account_id)
    account.suspended_until, account.signed_in_at = datetime(2031, 1, 2, 3, 4, 5, 6, tzinfo=UTC), None
    jobs.enqueue("deliver", nothing=None, words=STRANGE, number=1.5)
    db.session.add(SignIn(account_id=account.id, digest=b"\0" * 32, expires_at=clock.now()))
    db.session.add(PendingSignIn(digest=b"\0" * 32, account_id=account.id, expires_at=clock.now()))
    db.session.add(Tries(bucket=b"\0" * 32, window_ends_at=clock.now(), count=1))
    db.session.commit()


@pytest.fixture(scope="session")
def backup(source: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "all.backup"
    done = source.run("backup", file)
    assert done.exit_code == 0, done.output
    return file
