"""Invitations: those of a group, the one that a link opens, and what its letter needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState
from alumni.invites import policy
from alumni.invites.models import LIFE, GroupInvitation, InviteState, NoLetters
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing, Member

LATEST = (Key(GroupInvitation.created_at, "created_at", True), Key(GroupInvitation.id, "id", True))
LIVING = (InviteState.SENT, InviteState.OPENED)
AGAIN_AFTER = timedelta(days=7)  # a second letter of the same group to the same address


def invitations_of(viewer: Viewer, *, group_id: int, organises: bool, key: str = "") -> sa.Select[Any]:
    """Those of a group that the viewer may see, the latest first. Page it by `LATEST`."""
    as_to_group = sa.and_(Listing.account_id == GroupInvitation.by_id, Listing.audience == Audience.GROUPS)
    is_over = GroupInvitation.expires_at <= clock.now()
    select = (
        sa.select(
            *(GroupInvitation.id, GroupInvitation.key, GroupInvitation.state),
            sa.case((GroupInvitation.hides_address, ""), else_=GroupInvitation.email).label("email"),
            (GroupInvitation.email != "").label("is_letter"),
            *(GroupInvitation.used, GroupInvitation.most_uses, GroupInvitation.created_at, GroupInvitation.expires_at),
            sa.and_(is_over, GroupInvitation.state.in_(LIVING)).label("is_over"),
            (GroupInvitation.by_id == viewer.id).label("is_mine"),
            Listing.name.label("by_name"),
        )
        .outerjoin(Listing, as_to_group)
        .where(GroupInvitation.group_id == group_id, policy.visible_to(viewer, organises=organises))
    )
    return select.where(GroupInvitation.key == key) if key else select


def opened_by(digest: bytes) -> sa.Select[Any]:
    """What a link opens: the invitation while it lives, the group, and the name of who invites if all may see it."""
    as_to_all = sa.and_(Listing.account_id == GroupInvitation.by_id, Listing.audience == Audience.PUBLIC)
    return (
        sa.select(
            *(GroupInvitation.id, GroupInvitation.email, GroupInvitation.words, GroupInvitation.expires_at),
            Group.id.label("group_id"),
            *(Group.slug, Group.name, Group.kind, Group.about, Group.join_policy),
            Listing.name.label("by_name"),
        )
        .join(Group, Group.id == GroupInvitation.group_id)
        .outerjoin(Listing, as_to_all)
        .where(GroupInvitation.digest == digest, *living())
    )


def living() -> tuple[sa.ColumnElement[bool], ...]:
    """Clauses on GroupInvitation: it can be accepted."""
    return (
        GroupInvitation.state.in_(LIVING),
        GroupInvitation.expires_at > clock.now(),
        GroupInvitation.used < GroupInvitation.most_uses,
    )


def count_since(account_id: int, group_id: int, since: datetime) -> int:
    """How many letters somebody has promised for a group, those that were sent again included."""
    mine = sa.and_(GroupInvitation.by_id == account_id, GroupInvitation.group_id == group_id)
    recent = sa.and_(GroupInvitation.expires_at >= since + LIFE, GroupInvitation.email != "")
    letters = sa.case((GroupInvitation.created_at >= since, GroupInvitation.times), else_=1)
    return db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(letters), 0)).where(mine, recent)) or 0


def waits_no_more() -> sa.ColumnElement[bool]:
    """Clause on Membership: invited by letters of which none lives."""
    still = there_is(
        GroupInvitation,
        GroupInvitation.group_id == Membership.group_id,
        there_is(Account, Account.id == Membership.account_id, Account.email == GroupInvitation.email),
        *living(),
    )
    return sa.and_(Membership.state == MembershipState.INVITED, sa.not_(still))


def already_invited(group_id: int, emails: Sequence[str], *, by_id: int | None) -> set[str]:
    """Of these addresses those with a living invitation to the group, by somebody or by anybody.

    Not those that are in no list: whoever tries an address must not find out by this that it is one of them.
    """
    select = sa.select(GroupInvitation.email).where(
        GroupInvitation.group_id == group_id,
        GroupInvitation.email.in_(emails),
        GroupInvitation.hides_address.is_(False),
        *living(),
    )
    return set(db.session.scalars(select if by_id is None else select.where(GroupInvitation.by_id == by_id)))


def find_account(email: str) -> Account | None:
    """Who has an address and reads letters."""
    return db.session.scalar(sa.select(Account).where(Account.email == email, Account.state == AccountState.ACTIVE))


def has_profile(account_id: int) -> bool:
    return db.session.get(Member, account_id) is not None


def hold(secret_digest: bytes) -> sa.Select[tuple[GroupInvitation]]:
    """What a link opens, held while an account is made for it."""
    return sa.select(GroupInvitation).where(GroupInvitation.digest == secret_digest, *living()).with_for_update()


def may_write(invitation: GroupInvitation, account: Account | None, refused: bytes) -> bool:
    """Whether the letter goes: not to who wants none, is inside, was removed, blocks the inviter, or just had one."""
    email = invitation.email
    just_had = there_is(
        GroupInvitation,
        GroupInvitation.group_id == invitation.group_id,
        GroupInvitation.email == email,
        GroupInvitation.id < invitation.id,
        GroupInvitation.created_at > invitation.created_at - AGAIN_AFTER,
    )
    against = [there_is(NoLetters, NoLetters.digest == refused)]
    if invitation.times == 1:
        against.append(just_had)
    if account is not None:
        states = (MembershipState.ACTIVE, MembershipState.REMOVED)
        mine = sa.and_(Membership.account_id == account.id, Membership.group_id == invitation.group_id)
        against.append(there_is(Membership, mine, Membership.state.in_(states)))
        against.append(members_policy.is_blocked_either_way(invitation.by_id, sa.literal(account.id)))
    return not db.session.scalar(sa.select(sa.or_(*against)))


def name_of(account_id: int) -> str:
    """How somebody calls themselves to the people of their groups: an invitation is signed."""
    named = sa.and_(Listing.account_id == account_id, Listing.audience == Audience.GROUPS)
    return db.session.scalar(sa.select(Listing.name).where(named)) or ""
