"""Two who save the charter at once, and two who approve: one does, on both engines."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.founding import actions
from alumni.founding.models import Founding, FoundingState
from alumni.groups.models import Group, Membership
from alumni.members.models import Member
from tests import builders
from tests.groups.test_race import at_once, make_people


def prepare(app) -> list[int]:
    with app.app_context():
        ids = make_people(26)
        people = [db.session.get_one(Member, id_) for id_ in ids]
        made = builders.make_founding(people[0])
        for person in people[1:25]:
            builders.found_along(made, person)
        builders.write_papers(made, people[0])
        db.session.commit()
        db.session.remove()
    return ids


def founding() -> Founding:
    return db.session.scalars(sa.select(Founding)).one()


@pytest.mark.alone
def test_of_many_who_save_the_charter_at_once_one_does(alone):
    ids = prepare(alone)

    def write(id_: int) -> str:
        actions.write_charter(actor=Viewer(id=id_, is_verified=True), founding=founding(), text=f"By {id_}", edits=0)
        return f"By {id_}"

    answers = Counter(at_once(alone, write, ids[:16]))
    assert answers.pop("paper-changed") == 15
    with alone.app_context():
        assert [founding().charter] == list(answers)
        assert founding().charter_edits == 1
        db.session.rollback()


@pytest.mark.alone
def test_of_many_who_approve_at_once_one_does(alone):
    ids = prepare(alone)
    with alone.app_context():
        founding().state = FoundingState.HANDED_IN
        db.session.commit()
        db.session.remove()

    def approve(_job: int) -> str:
        actions.approve_founding(actor=Viewer(id=ids[25], is_admin=True), founding=founding())
        return "approved"

    assert Counter(at_once(alone, approve, list(range(8)))) == {"approved": 1, "founding-moved": 7}
    with alone.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Group)) == 1
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 25
        db.session.rollback()
