"""Coming in and going out, with the row of the group held.

Whatever changes who is in a group holds the row of the group first, so the count, the last organiser and joining
twice are never a matter of luck.
"""

import sqlalchemy as sa

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import DomainError, NotFound
from alumni.groups import queries
from alumni.groups.models import Group, Membership, MembershipState, Rhythm, Tenure


class LastOrganiser(DomainError):
    """A group is never left without an organiser."""


def hold(group: Group) -> None:
    """One change at a time: PostgreSQL waits for the row of the group, SQLite has one writer anyhow."""
    db.session.execute(sa.select(Group.id).where(Group.id == group.id).with_for_update(key_share=True))


def membership_of(handle: str, group: Group, *states: MembershipState) -> Membership:
    account_id = queries.find_account_id(handle)
    membership = queries.find_membership(account_id, group) if account_id else None
    if membership is None or (states and membership.state not in states):
        raise NotFound
    return membership


def enter(
    account_id: int,
    group: Group,
    membership: Membership | None,
    state: MembershipState,
    *,
    answer: str = "",
    rhythm: Rhythm | None = None,
) -> MembershipState:
    """In, or asking, with the rhythm of letters that was chosen. The row of the group is held."""
    now = clock.now()
    if membership is None:
        membership = Membership(account_id=account_id, group_id=group.id, asked_at=now)
        db.session.add(membership)
    elif membership.state != MembershipState.REQUESTED:
        membership.asked_at = now
    membership.state = state
    if rhythm is not None:
        membership.rhythm = rhythm
    membership.answer = answer if state == MembershipState.REQUESTED else ""
    if state == MembershipState.ACTIVE:
        membership.joined_at = now
        count(group, 1)
    db.session.flush()
    return state


def go(membership: Membership, group: Group, state: MembershipState, *, may_be_last: bool = False) -> None:
    """Out. The row of the group is held."""
    if not may_be_last and queries.organises(membership.account_id, group):
        others = queries.other_organisers_of(group, membership.account_id)
        if db.session.scalar(others.limit(1)) is None:
            raise LastOrganiser
    for tenure in db.session.scalars(queries.running_tenures(membership.account_id, group)):
        end_tenure(tenure, reason="")
    if membership.state == MembershipState.ACTIVE:
        count(group, -1)
    membership.state, membership.joined_at, membership.rhythm = state, None, Rhythm.WEEKLY
    membership.is_by_rule, membership.answer = False, ""
    db.session.flush()


def end_tenure(tenure: Tenure, *, reason: str) -> None:
    """Ends a term before its last day, or before it began. It stays in the history."""
    tenure.ended_at, tenure.end_reason = clock.now(), reason


class GroupArchived(DomainError):
    """The group can be read, but it is closed."""


def require_open(group: Group) -> None:
    """Raises GroupArchived."""
    if group.archived_at is not None:
        raise GroupArchived


def count(group: Group, change: int) -> None:
    db.session.execute(
        sa.update(Group)
        .where(Group.id == group.id)
        .values(members_count=Group.members_count + change)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(group, ["members_count"])
