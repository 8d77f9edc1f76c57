"""Votes twice at once, votes while the box is counted: every answer is definite, and the sums agree."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alumni import worker
from alumni.core import clock
from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.elections import actions
from alumni.elections.models import Ballot, Candidate, Election, ElectionState, Voted
from alumni.members.models import Member
from tests import builders
from tests.groups.test_race import at_once, make_people


def prepare(app, count: int) -> tuple[list[int], list[str]]:
    with app.app_context():
        ids = make_people(count)
        group = builders.make_group("Everybody")
        people = [db.session.get_one(Member, id_) for id_ in ids]
        for person in people:
            builders.join(person, group)
        election = builders.make_election(group, people[0], opens_in=timedelta(hours=-1))
        keys = [builders.make_candidate(election, person).key for person in people[1:3]]
        db.session.commit()
        worker.run_each_minute()
        db.session.remove()
    return ids, keys


def election() -> Election:
    return db.session.scalars(sa.select(Election)).one()


@pytest.mark.alone
def test_of_two_votes_at_once_one_counts(alone):
    ids, keys = prepare(alone, 40)

    def vote(job: tuple[int, str]) -> str:
        actions.cast_vote(actor=Viewer(id=job[0]), election=election(), choice=job[1])
        return "voted"

    answers = at_once(alone, vote, [(id_, keys[turn % 2]) for id_ in ids for turn in range(3)])
    assert Counter(answers) == {"voted": 40, "voted-already": 80}
    with alone.app_context():
        for table in (Ballot, Voted):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 40


@pytest.mark.alone
def test_no_ballot_falls_in_while_the_box_is_counted(alone):
    ids, keys = prepare(alone, 80)
    with alone.app_context():
        moment = clock.now() + timedelta(milliseconds=150)
        db.session.execute(sa.update(Election).values(closes_at=moment))
        db.session.commit()
        db.session.remove()

    def vote_or_count(job: int) -> str:
        if job in ids[::4]:
            return f"counted {len(list(actions.count_due(clock.now())))}"
        actions.cast_vote(actor=Viewer(id=job), election=election(), choice=keys[job % 2])
        return "voted"

    answers = Counter(at_once(alone, vote_or_count, ids))
    with alone.app_context():
        while election().state != ElectionState.COUNTED:
            db.session.rollback()
            worker.run_each_minute()
        counted = election()
        assert counted.cast_count == answers["voted"]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == answers["voted"]
        assert db.session.scalar(sa.select(sa.func.sum(Candidate.votes))) == answers["voted"]
        db.session.rollback()
    assert answers["voted"] + answers["voting-closed"] == 60


@pytest.mark.alone
def test_of_two_who_appoint_at_once_one_does(alone):
    ids, keys = prepare(alone, 8)
    with alone.app_context():
        actions.cast_vote(actor=Viewer(id=ids[5]), election=election(), choice=keys[0])
        election().closes_at = clock.now()
        db.session.commit()
        worker.run_each_minute()
        db.session.remove()

    def appoint(_job: int) -> str:
        actions.appoint_elected(actor=Viewer(id=ids[7], is_admin=True), election=election())
        return "appointed"

    assert Counter(at_once(alone, appoint, list(range(8)))) == {"appointed": 1, "appointed-already": 7}
