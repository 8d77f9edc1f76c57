"""Several keep the same records at once: the database settles it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, GroupKind
from alumni.meetings import actions
from alumni.meetings.actions import MeetingDraft, ResolutionDraft
from alumni.meetings.models import Meeting, Minutes, Resolution, Series
from tests import builders
from tests.groups.test_race import at_once

KEEPERS = 12


@pytest.fixture
def kept(alone) -> tuple[Any, Viewer]:
    """A group with a meeting and a series, and an admin who keeps its records."""
    with alone.app_context():
        group = builders.make_group("Umbrella", kind=GroupKind.UMBRELLA)
        builders.make_meeting(group)
        builders.add(Series(slug="forum", group_id=group.id, name="Forum"))
        account = builders.make_account("keeper@example.org", staff_role="admin")
        db.session.commit()
        return alone, Viewer(id=account.id, is_admin=True)


@pytest.mark.alone
def test_of_several_who_correct_the_same_version_one_does(kept):
    app, viewer = kept

    def write(_: int) -> str:
        meeting = db.session.scalars(sa.select(Meeting)).one()
        return str(actions.write_minutes(actor=viewer, meeting=meeting, based_on=0, body="Mine."))

    answers = at_once(app, write, list(range(KEEPERS)))
    assert sorted(answers) == ["1", *["minutes-moved"] * (KEEPERS - 1)]
    with app.app_context():
        assert db.session.scalars(sa.select(Minutes.version)).all() == [1]


@pytest.mark.alone
def test_a_number_is_given_once(kept):
    app, viewer = kept

    def add(_: int) -> str:
        group = db.session.scalars(sa.select(Group)).one()
        draft = MeetingDraft(title="30th", starts_on="2026", series="forum", number=30)
        actions.add_meeting(actor=viewer, group=group, key=new_key(), draft=draft)
        return "added"

    assert sorted(at_once(app, add, list(range(KEEPERS)))) == ["added", *["invalid"] * (KEEPERS - 1)]

    def resolve(_: int) -> str:
        meeting = db.session.scalars(sa.select(Meeting).where(Meeting.number.is_(None))).one()
        actions.add_resolution(
            actor=viewer, meeting=meeting, key=new_key(), draft=ResolutionDraft(number=1, title="Once")
        )
        return "added"

    assert sorted(at_once(app, resolve, list(range(KEEPERS)))) == ["added", *["invalid"] * (KEEPERS - 1)]
    with app.app_context():
        assert db.session.scalars(sa.select(Resolution.number)).all() == [1]
