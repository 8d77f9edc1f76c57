"""An umbrella that Alice organises and Bob is in, an association of it in Indonesia; and groups with no part in it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.groups.models import GroupKind, Visibility
from alumni.members.models import Member
from tests import builders
from tests.cast import Cast


@dataclass(frozen=True)
class Records:
    """Keys of what is on record, and where it is read."""

    meeting: str
    resolution: str
    seat: str

    group = "/groups/ajafa-21"

    @property
    def page(self) -> str:
        return f"{self.group}/meetings/{self.meeting}"

    @property
    def resolved(self) -> str:
        return f"{self.group}/resolutions/{self.resolution}"


def member(email: str) -> Member:
    return db.session.query(Member).join(Account, Account.id == Member.account_id).filter(Account.email == email).one()


@pytest.fixture
def records(app, cast) -> Records:
    with app.app_context():
        umbrella = builders.make_group("AJAFA-21", kind=GroupKind.UMBRELLA, slug="ajafa-21")
        builders.make_group(
            "Keluarga Alumni", kind=GroupKind.ASSOCIATION, parent=umbrella, slug="kappija-21", country="ID"
        )
        builders.make_group("Another association", kind=GroupKind.ASSOCIATION, slug="stranger", country="TH")
        hidden = builders.make_group("A circle", kind=GroupKind.UMBRELLA, slug="circle", visibility=Visibility.OWN)
        builders.join(member(Cast.alice), umbrella, organiser=True)
        builders.join(member(Cast.bob), umbrella)
        builders.join(member(Cast.sue), umbrella, organiser=True)  # suspended: organises nothing now
        keys = builders.keep_records(umbrella)
        builders.make_meeting(hidden, "A secret meeting", slug="secret")
        db.session.commit()
    return Records(**keys)
