"""An election in the cohort's group: Alice organises, Bob conducts, Dan and Eve stand, Flo votes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db, intend
from alumni.elections.models import Candidate, Election
from alumni.groups.models import Group
from alumni.members.models import Audience, Listing, Member
from tests import builders
from tests.cast import Cast

DAN, EVE, FLO = "dan@example.org", "eve@example.org", "flo@example.org"


def member(email: str) -> Member:
    return db.session.scalars(
        sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == email)
    ).one()


def handle_of(app, email: str) -> str:
    with app.app_context():
        found = db.session.scalar(
            sa.select(Listing.handle).where(
                Listing.account_id == member(email).account_id, Listing.audience == Audience.GROUPS
            )
        )
        db.session.remove()
        return found


def change(app, key: str, **values) -> None:
    """Time passes, for one election."""
    with app.app_context():
        db.session.execute(sa.update(Election).where(Election.key == key).values(values))
        db.session.commit()
        db.session.remove()


def minute(app) -> int:
    """What the worker does each minute, and the jobs that follow."""
    with app.app_context():
        done = worker.run_each_minute()
        worker.run_due()
        db.session.remove()
        intend(to_write=True)
        return done


def begin(app, key: str) -> None:
    """Voting begins."""
    change(app, key, opens_at=clock.now() - timedelta(hours=1))
    minute(app)


def end(app, key: str) -> None:
    """Voting ends, and the votes are counted."""
    change(app, key, closes_at=clock.now() - timedelta(seconds=1))
    minute(app)


def keys_of_candidates(app, key: str) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(
            sa.select(Candidate.name, Candidate.key).join(Election).where(Election.key == key)
        ).all()
        db.session.remove()
        return {row.name.split()[0].lower(): row.key for row in rows}


def make_people(group: Group) -> dict[str, Member]:
    people = {}
    for name, email in (("Dan Diaz", DAN), ("Eve Ezra", EVE), ("Flo Fong", FLO)):
        people[email] = builders.make_member(name, email=email, account={"is_verified": True})
        builders.join(people[email], group)
    return people


@pytest.fixture
def election(app, cast) -> str:
    """The key of an election that is announced, with Dan and Eve on its list."""
    with app.app_context():
        group = db.session.query(Group).filter_by(slug=cast.group).one()
        people = make_people(group)
        made = builders.make_election(group, member(Cast.bob))
        builders.make_candidate(made, people[DAN])
        builders.make_candidate(made, people[EVE])
        db.session.commit()
        return made.key
