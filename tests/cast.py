"""The cast: every feature is tried by all of them, and every test ends with those who must be refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from alumni.accounts.models import Account, AccountState, StaffRole
from alumni.accounts.queries import viewer_of as viewer_of_account
from alumni.core import clock
from alumni.core.db import db
from alumni.core.viewer import GUEST, Viewer
from alumni.groups.models import MembershipState
from alumni.members.models import Audience, Block, ParticipationState
from tests import builders


@dataclass(frozen=True)
class Cast:
    """Keys of the rows; look them up through your own session."""

    programme: str  # JENESYS2016
    cohort: str  # its 16th batch, with a group
    group: str  # slug of the cohort's group
    other_cohort: str
    other_group: str

    alice = "alice@example.org"  # organises the cohort's group
    bob = "bob@example.org"  # a member of it
    carol = "carol@example.org"  # verified, of the same year, but in the other group
    mallory = "mallory@example.org"  # removed from the group, and blocked by Bob
    nia = "nia@example.org"  # a new account whose claim waits
    sue = "sue@example.org"  # suspended, was a member
    mona = "mona@example.org"  # moderator
    sam = "sam@example.org"  # admin
    olga = "olga@example.org"  # officer of JICE for the programme, in every country; has no profile
    otto = "otto@example.org"  # officer of a mission, for Cambodia alone
    guest = ""

    everybody = (alice, bob, carol, mallory, nia, sue, mona, sam, olga, otto, guest)


def make_cast() -> Cast:
    programme = builders.make_programme("jenesys2016", countries=["KH", "LA", "VN"])
    cohort = builders.make_cohort(programme, slug="jenesys2016-batch-16", countries={"LA": 21, "VN": 25})
    other = builders.make_cohort(
        programme, slug="jenesys2016-peace-2", title="JENESYS2016 Peace Building", countries={"KH": 10}
    )
    group = builders.make_cohort_group(cohort, slug="jenesys2016-batch-16")
    other_group = builders.make_cohort_group(other, slug="jenesys2016-peace-2")

    with builders.crowd():
        alice = builders.make_member("Alice Phommasan", email=Cast.alice, country="LA")
        bob = builders.make_member("ບຸນມີ ວົງສາ", name_romanised="Bounmy Vongsa", email=Cast.bob, country="LA")
        carol = builders.make_member("Carol Sok", email=Cast.carol, country="KH", work_audience=Audience.PUBLIC)
        mallory = builders.make_member("Mallory Black", email=Cast.mallory, country="VN")
        nia = builders.make_member("Nia New", email=Cast.nia, country="LA")
        sue = builders.make_member("Sue Pended", email=Cast.sue, country="LA")
        builders.make_member("Mona Moderator", email=Cast.mona, account={"staff_role": StaffRole.MODERATOR})
        builders.make_member("Sam Admin", email=Cast.sam, account={"staff_role": StaffRole.ADMIN})

        for member in (alice, bob, mallory, sue):
            builders.take_part(member, cohort)
        builders.take_part(carol, other, country="KH")
        builders.take_part(nia, cohort, state=ParticipationState.CLAIMED)
    builders.make_officer(Cast.olga, programme)
    builders.make_officer(Cast.otto, country="KH")
    builders.join(alice, group, organiser=True)
    builders.join(bob, group)
    builders.join(carol, other_group)
    builders.join(sue, group)
    builders.join(mallory, group, state=MembershipState.REMOVED)
    db.session.add(Block(blocker_id=bob.account_id, blocked_id=mallory.account_id))
    account = db.session.get_one(Account, sue.account_id)
    account.state, account.suspended_until = AccountState.SUSPENDED, clock.now() + timedelta(days=30)
    db.session.commit()
    return Cast(programme.slug, cohort.slug, group.slug, other.slug, other_group.slug)


def viewer_of(email: str) -> Viewer:
    """The viewer that a request of this account would have. Needs an app context."""
    if not email:
        return GUEST
    return viewer_of_account(db.session.query(Account).filter_by(email=email).one())
