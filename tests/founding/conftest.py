"""Bob begins a founding; Alice and Carol could found along; Sam and the umbrella's organiser decide."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.founding.models import Founding
from alumni.groups.models import GroupKind
from alumni.members.models import Audience, Listing, Member
from tests import builders
from tests.cast import Cast

URSULA = "ursula@example.org"


def member(email: str) -> Member:
    return db.session.scalars(
        sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == email)
    ).one()


def handle_of(app, email: str) -> str:
    with app.app_context():
        handle = db.session.scalar(
            sa.select(Listing.handle).where(
                Listing.account_id == member(email).account_id, Listing.audience == Audience.MEMBERS
            )
        )
        db.session.remove()
        return handle or "none"


def make_founders(founding: Founding, count: int) -> None:
    """More people who have confirmed."""
    with builders.crowd():
        for number in range(count):
            person = builders.make_member(f"Founder {number}", account={"is_verified": True})
            builders.found_along(founding, person, address=f"{number} Hill Street")


@pytest.fixture
def founding(app, cast) -> str:
    """The key of a founding under an umbrella that Ursula organises, with Bob alone."""
    with app.app_context():
        umbrella = builders.make_group("Umbrella", kind=GroupKind.UMBRELLA, slug="umbrella")
        ursula = builders.make_member("Ursula Under", email=URSULA, account={"is_verified": True})
        builders.join(ursula, umbrella, organiser=True)
        made = builders.make_founding(member(Cast.bob), umbrella_id=umbrella.id)
        db.session.commit()
        return made.key


@pytest.fixture
def complete(app, founding) -> str:
    """The same with all papers and 25 founding members."""
    with app.app_context():
        made = db.session.query(Founding).filter_by(key=founding).one()
        make_founders(made, 24)
        builders.write_papers(made, member(Cast.bob))
        db.session.commit()
        return founding
