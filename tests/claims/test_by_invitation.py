"""Whoever holds the personal invitation of an entry has their place at once; two who do are for a human."""

import pytest
import sqlalchemy as sa

from alumni.claims import actions
from alumni.claims.models import Case
from alumni.core.db import db
from alumni.core.errors import NotPermitted
from alumni.core.jobs import Job
from alumni.core.tokens import new_key
from alumni.core.viewer import GUEST
from alumni.members.actions import AlreadyClaimed, ProfileNeeded
from alumni.members.models import Member, Participation
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.models import EntryMark, RosterEntry
from alumni.worker import run_due
from tests import builders
from tests.cast import Cast, viewer_of


@pytest.fixture
def entry(app, cast):
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        entry = builders.make_entry(cohort, "LESTARI Dewi", number="A-17", host_town="嬉野市")
        builders.make_member("Dewi Lestari", email="dewi@example.org")
        builders.make_member("Dewi L", email="other@example.org")
        db.session.commit()
        return entry.id


def follow(app, email, entry_id):
    with app.app_context():
        entry = db.session.get_one(RosterEntry, entry_id)
        participation = actions.verify_by_invitation(viewer_of(email), entry, key=new_key())
        db.session.commit()
        return participation.id


def state_of(read, participation_id):
    return read(
        sa.select(Participation.state, Case.basis, Case.is_disputed, Participation.host_town)
        .join(Case, Case.participation_id == Participation.id)
        .where(Participation.id == participation_id)
    )[0]


def holder(read, entry_id):
    return read(sa.select(RosterEntry.state, RosterEntry.participation_id).where(RosterEntry.id == entry_id))[0]


def test_following_it_verifies_at_once(app, cast, browse, read, entry):
    first = follow(app, "dewi@example.org", entry)
    assert state_of(read, first) == ("verified", "invitation", False, "嬉野市")
    assert holder(read, entry) == ("claimed", first)
    assert "Alice Phommasan" in browse("dewi@example.org").get("/members").text
    assert follow(app, "dewi@example.org", entry) == first  # again: the same


def test_a_claim_that_waits_is_verified_by_it(app, cast, read, entry):
    waiting = read(sa.select(Participation.id).where(Participation.state == "claimed"))[0][0]
    assert follow(app, Cast.nia, entry) == waiting
    assert state_of(read, waiting)[:2] == ("verified", "invitation")


def test_whoever_is_verified_already_gets_the_entry(app, cast, read, entry):
    bob = follow(app, Cast.bob, entry)
    assert holder(read, entry) == ("claimed", bob)


def test_the_second_waits_and_the_first_keeps_it(app, cast, read, entry):
    first = follow(app, "dewi@example.org", entry)
    second = follow(app, "other@example.org", entry)
    with app.app_context():
        run_due()
    assert state_of(read, second)[:3] == ("claimed", None, True)
    assert state_of(read, first)[:3] == ("verified", "invitation", True)
    assert holder(read, entry) == ("claimed", first)
    letters = [row[0] for row in read(sa.select(Job.kind).where(Job.state == "done"))]
    assert "mail" in letters


def test_an_appeal_is_for_a_human_all_the_same(app, cast, browse, read, entry):
    first = follow(app, "dewi@example.org", entry)
    key = read(sa.select(Participation.key).where(Participation.id == first))[0][0]
    browse(Cast.olga).send(f"/api/v1/participations/{key}/revoke", {"reason": "Another Dewi"})
    browse("dewi@example.org").send(f"/api/v1/participations/{key}/appeal", {"words": "It is me."})
    assert follow(app, "dewi@example.org", entry) == first
    assert state_of(read, first)[:2] == ("claimed", None)
    assert holder(read, entry) == ("unclaimed", None)


def test_the_dead_are_not_verified(app, cast, read, entry):
    with app.app_context():
        db.session.get_one(RosterEntry, entry).mark = EntryMark.DECEASED
        db.session.commit()
    assert state_of(read, follow(app, "dewi@example.org", entry))[:2] == ("claimed", None)
    assert holder(read, entry) == ("unclaimed", None)


def test_who_may_not(app, cast, entry):
    with app.app_context():
        row = db.session.get_one(RosterEntry, entry)
        for viewer in (GUEST, viewer_of(Cast.sue)):
            with pytest.raises(NotPermitted):
                actions.verify_by_invitation(viewer, row, key=new_key())
        with pytest.raises(ProfileNeeded):
            actions.verify_by_invitation(viewer_of(Cast.olga), row, key=new_key())


def test_another_entry_is_not_taken_by_whoever_has_one(app, cast, browse, read, entry):
    follow(app, "dewi@example.org", entry)
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        other = builders.make_entry(cohort, "SOMEBODY Else").id
        db.session.commit()
    with pytest.raises(AlreadyClaimed):
        follow(app, "dewi@example.org", other)
    assert holder(read, other) == ("unclaimed", None)


@pytest.mark.parametrize("term", ["runs", "over", "admin"])
def test_whoever_keeps_the_roster_holds_the_codes_of_all(app, cast, read, entry, term):
    who = Cast.sam if term == "admin" else "keeper@example.org"
    with app.app_context():
        if term != "admin":
            over = {"starts_on": "2020-01-01", "ends_on": "2020-12-31"} if term == "over" else {}
            account = builders.make_officer(
                who, db.session.query(Programme).filter_by(slug=cast.programme).one(), **over
            )
            builders.add(Member(account_id=account.id, name="Dewi Keeper"))
        db.session.commit()
    assert state_of(read, follow(app, who, entry))[:2] == ("claimed", None)
    assert holder(read, entry) == ("unclaimed", None)


def test_the_entry_that_was_found_before_is_free_for_others(app, cast, browse, read, entry):
    """Two waited for one entry; the invitation says that one of them is somebody else."""
    with app.app_context():
        cohort = db.session.query(Cohort).filter_by(slug=cast.cohort).one()
        before = builders.make_entry(cohort, "NEW Nia")
        places = [db.session.query(Participation).filter_by(state="claimed").one()]
        places.append(builders.take_part(builders.make_member("Nia N"), cohort, state="claimed"))
        for place in places:
            builders.make_case(place, before, is_disputed=True)
        db.session.commit()
        other = places[1].id
    follow(app, Cast.nia, entry)
    assert state_of(read, other)[:3] == ("claimed", None, False)
