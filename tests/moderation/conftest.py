"""Things to report, and the letters that were promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from alumni.accounts.models import Account
from alumni.accounts.queries import find_by_email
from alumni.core.db import db
from alumni.core.jobs import Job
from alumni.events.models import Event, EventAudience
from alumni.groups.models import Group
from alumni.members.models import Member
from alumni.moderation.models import Report
from alumni.posts.models import Post
from tests import builders
from tests.cast import Cast


def id_of(email: str) -> int:
    account = find_by_email(email)
    assert account is not None
    return account.id


@pytest.fixture
def post(app: Flask, cast: Cast) -> str:
    """A post of Bob's in the cohort's group."""
    with app.app_context():
        group = db.session.scalars(sa.select(Group).where(Group.slug == cast.group)).one()
        bob = db.session.get_one(Member, id_of(cast.bob))
        made = builders.make_post(group, bob, "Buy my *watches*.")
        db.session.commit()
        return made.key


@pytest.fixture
def event(app: Flask, cast: Cast) -> str:
    """A public event that Alice posted."""
    with app.app_context():
        group = db.session.scalars(sa.select(Group).where(Group.slug == cast.group)).one()
        made = builders.make_event(
            group, title="Fake reunion", audience=EventAudience.PUBLIC, posted_by_id=id_of(cast.alice)
        )
        db.session.commit()
        return made.slug


@pytest.fixture
def handle(read: Callable[[sa.Select], list]) -> Callable[[str], str]:
    return lambda email: read(sa.select(Account.handle).where(Account.email == email))[0].handle


@pytest.fixture
def make_report(app: Flask, cast: Cast, browse: Any, read: Any) -> Callable[..., str]:
    """`make_report("alice@…", post=key)` reports as Alice and returns the report's key."""

    def run(email: str, **what: str) -> str:
        answer = browse(email).send("/api/v1/reports", {**what, "reason": "abuse", "note": "Look at this."})
        assert answer.status_code == 201, answer.text
        return answer.json["key"]

    return run


@pytest.fixture
def letters(read: Any) -> Callable[[], list[tuple[str, str, dict]]]:
    """(template, address, facts) of what moderation promised to write, in order."""

    def run() -> list[tuple[str, str, dict]]:
        jobs = [row.payload for row in read(sa.select(Job.payload).order_by(Job.id))]
        address = dict(row._tuple() for row in read(sa.select(Account.id, Account.email)))
        return [
            (job["template"].removeprefix("moderation/"), address[job["to"]], job["facts"])
            for job in jobs
            if job.get("template", "").startswith("moderation/")
        ]

    return run


@pytest.fixture
def stands(read: Any) -> Callable[[str], Any]:
    """How a report stands in the database."""
    return lambda key: read(sa.select(Report).where(Report.key == key))[0].Report


@pytest.fixture
def hidden(read: Any) -> Callable[[str], bool]:
    """Whether a post or an event is hidden."""

    def run(key: str) -> bool:
        post = read(sa.select(Post.hidden_at).where(Post.key == key))
        event = read(sa.select(Event.hidden_at).where(Event.slug == key))
        return (post or event)[0].hidden_at is not None

    return run
