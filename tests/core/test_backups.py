"""The drill: a backup while somebody goes on writing, restored elsewhere on each engine, row by row the same."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from alumni.accounts.models import SignIn
from alumni.core import audit, clock, jobs, tables
from alumni.core.db import db, snapshot
from alumni.core.viewer import GUEST
from alumni.programmes.models import Family
from alumni.world.demo import SHARED_PASSWORD, WHO
from tests.browser import Browser
from tests.conftest import ENGINES
from tests.core.conftest import PICTURES
from tests.core.places import Place

EMAIL, NAME = WHO[0]


@pytest.mark.alone
@pytest.mark.parametrize("engine", ENGINES)
def test_the_drill(source: Place, elsewhere: Callable[[str], Place], engine: str, tmp_path: Path) -> None:
    before, file, there = source.rows(), tmp_path / "drill.backup", elsewhere(engine)
    with writing(source) as acknowledged:
        known = set(acknowledged)
        done = source.run("backup", file)
    assert done.exit_code == 0, done.output
    assert len(acknowledged) > len(known)
    restored = there.run("restore", file)
    assert restored.exit_code == 0, restored.output

    after = there.rows()
    slugs = {row[1] for row in after["families"]} - {row[1] for row in before["families"]}
    assert known <= {slug.removesuffix("-b") for slug in slugs} <= set(acknowledged)
    assert all(slug.removesuffix("-b") in slugs and slug.removesuffix("-b") + "-b" in slugs for slug in slugs)
    after["families"] = [row for row in after["families"] if row[1] not in slugs]
    assert after == before
    assert there.files() == source.files()
    assert len(there.files()) >= len(PICTURES)
    the_product_goes_on(there)


class writing:
    """Somebody who adds two families in one transaction, again and again, and notes what was acknowledged."""

    def __init__(self, place: Place) -> None:
        self.place, self.acknowledged, self.ends = place, [], threading.Event()
        self.begun = threading.Event()
        self.thread = threading.Thread(target=self.write)

    def write(self) -> None:
        while not self.ends.is_set():
            slug = "w-" + os.urandom(6).hex()
            with self.place.app.app_context():
                db.session.add_all(
                    [Family(slug=slug, name="W", position=9), Family(slug=slug + "-b", name="W", position=9)]
                )
                db.session.commit()
            self.acknowledged.append(slug)
            self.begun.set()
            self.ends.wait(0.002)

    def __enter__(self) -> list[str]:
        self.thread.start()
        self.begun.wait(10)
        return self.acknowledged

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        self.thread.join()


def the_product_goes_on(place: Place) -> None:
    """References hold, ids go on, people sign in and are found, and the log cannot be bent."""
    with place.app.app_context():
        highest = db.session.scalar(sa.select(sa.func.max(Family.id)))
        new = Family(slug="new", name="New", position=9)
        db.session.add(new)
        jobs.enqueue("deliver")
        audit.record(GUEST, "test", "test:1", reason="")
        db.session.commit()
        assert new.id == highest + 1
        db.session.rollback()
        with db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.insert(SignIn), {"account_id": 10**6, "digest": b"1", "expires_at": clock.now()})
        with db.engine.connect() as connection, pytest.raises(sa.exc.DatabaseError, match="append-only"):
            connection.execute(sa.delete(audit.AuditLine))
        db.session.remove()
    browser = Browser(place.app)
    assert browser.post("/login", {"email": EMAIL, "password": SHARED_PASSWORD}).status_code == 303
    found = browser.get("/api/v1/members", query_string={"q": NAME}).json["items"]
    assert NAME in [item["name"] for item in found] + [item.get("name_romanised") for item in found]


@pytest.mark.alone
def test_great_tables_come_in_parts(source, tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "CHUNK", 2000)
    with source.app.app_context(), snapshot() as connection:
        [postings] = [table for table in tables.tables(connection) if table.name == "postings"]
        chunks = list(tables.lines(connection, postings))
    assert len(chunks) > 2
    assert sum(chunk.count(b"\n") for chunk in chunks) == postings.rows
    assert all(chunk.endswith(b"\n") for chunk in chunks)
