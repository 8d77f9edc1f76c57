"""What somebody chose, whether letters reach them, which profiles to ask about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState, Rhythm
from alumni.mailing import policy
from alumni.mailing.models import Kind, LetterChoice, QuietHours
from alumni.mailing.policy import QUIET_FROM, QUIET_UNTIL, RHYTHMS
from alumni.members.models import Member, ProfileCheck

BY_NAME = (Key(Group.sort_key, "sort_key"), Key(Group.id, "id"))
ASK_AFTER = timedelta(days=182)
MOST_AT_ONCE = 200


def rhythms_of(account_id: int) -> dict[Kind, Rhythm]:
    """How often letters of each kind come."""
    chosen = sa.select(LetterChoice.kind, LetterChoice.rhythm).where(LetterChoice.account_id == account_id)
    known: dict[Kind, Rhythm] = {kind: rhythms[0] for kind, rhythms in RHYTHMS.items()}
    return known | {kind: rhythm for kind, rhythm in db.session.execute(chosen) if kind in RHYTHMS}


def chosen_rhythm(account_id: int, kind: Kind) -> Rhythm:
    mine = sa.and_(LetterChoice.account_id == account_id, LetterChoice.kind == kind)
    return db.session.scalar(sa.select(LetterChoice.rhythm).where(mine)) or RHYTHMS[kind][0]


def rhythm_in_group(account_id: int, slug: str) -> Rhythm:
    """Of somebody in a group; NONE for who is not in it."""
    mine = sa.and_(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE)
    select = sa.select(Membership.rhythm).join(Group, Group.id == Membership.group_id).where(mine, Group.slug == slug)
    return db.session.scalar(select) or Rhythm.NONE


def quiet_hours_of(account_id: int) -> tuple[int, int]:
    found = sa.select(QuietHours.starts, QuietHours.ends).where(QuietHours.account_id == account_id)
    row = db.session.execute(found).first()
    return (row.starts, row.ends) if row else (QUIET_FROM, QUIET_UNTIL)


def groups_of(viewer: Viewer) -> sa.Select[Any]:
    """The groups in which the viewer is, with the rhythm of each. Page it by `BY_NAME`."""
    return (
        sa.select(Group.id, Group.slug, Group.name, Group.sort_key, Membership.rhythm)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == viewer.id, Membership.state == MembershipState.ACTIVE)
    )


def group_of(account_id: int, slug: str) -> sa.Select[Any]:
    """One of them, to choose for."""
    mine = sa.and_(Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE)
    return sa.select(Group).join(Membership, Membership.group_id == Group.id).where(mine, Group.slug == slug)


def is_unreachable(account_id: int) -> bool:
    """Letters to the address come back."""
    return bool(db.session.scalar(sa.select(policy.is_unreachable(account_id))))


def find_account(handle: str) -> Account | None:
    return db.session.scalar(sa.select(Account).where(Account.handle == handle, Account.state != AccountState.CLOSED))


def find_profile(account_id: int) -> Any:
    """What the profile says of where somebody lives and what they do, and when that was said to be right."""
    select = (
        sa.select(
            *(Member.account_id, Member.name, Member.country, Member.city, Member.headline, Member.employer),
            *(Member.updated_at, ProfileCheck.confirmed_at),
        )
        .outerjoin(ProfileCheck, ProfileCheck.account_id == Member.account_id)
        .where(Member.account_id == account_id)
    )
    return db.session.execute(select).first()


def profiles_to_ask_about(now: datetime, *, after: int) -> Sequence[int]:
    """The next accounts whose profile nobody saved, confirmed or was asked about for half a year."""
    since = now - ASK_AFTER
    lately = there_is(
        ProfileCheck,
        ProfileCheck.account_id == Member.account_id,
        sa.or_(ProfileCheck.asked_at > since, ProfileCheck.confirmed_at > since),
    )
    select = (
        sa.select(Member.account_id)
        .join(Account, Account.id == Member.account_id)
        .where(
            Member.account_id > after,
            Member.updated_at <= since,
            Account.state == AccountState.ACTIVE,
            sa.not_(lately),
        )
    )
    return db.session.scalars(select.order_by(Member.account_id).limit(MOST_AT_ONCE)).all()


def find_group_name(slug: str) -> str:
    """Of a group about which somebody got letters, and so knows the name."""
    return db.session.scalar(sa.select(Group.name).where(Group.slug == slug)) or ""
