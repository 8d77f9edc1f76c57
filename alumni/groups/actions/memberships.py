"""Joining, asking, admitting, leaving, removing."""

from collections.abc import Iterator

import sqlalchemy as sa

from alumni.core import audit
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups import notices, policy, queries
from alumni.groups.actions.passage import enter, go, hold, membership_of, require_open
from alumni.groups.models import Group, Membership, MembershipState, Rhythm
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded


class RemovedFromGroup(DomainError):
    """An organiser took this person out of the group: they do not come back by themselves."""


class NotWaiting(DomainError):
    """There is no request of this person any more."""


class ParticipationNotVerified(DomainError):
    """Into a cohort's group comes who was there: the desk decides that, not an organiser."""


def join_group(*, actor: Viewer, group: Group, answer: str = "", rhythm: Rhythm = Rhythm.WEEKLY) -> MembershipState:
    """The actor is in, or has asked to be. Returns the state reached; joining twice is one membership.

    Raises Invalid("answer") if the group asks something of those who ask.
    """
    require(policy.can_take_part(actor), "member")
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    hold(group)
    membership = queries.find_membership(actor.id, group)
    if membership is not None and membership.state == MembershipState.ACTIVE:
        return MembershipState.ACTIVE
    if membership is not None and membership.state == MembershipState.REMOVED:
        raise RemovedFromGroup
    require_open(group)
    reached = policy.what_joining_makes(actor, group)
    is_invited = membership is not None and membership.state == MembershipState.INVITED
    if is_invited and not policy.asks_for_participation(group):
        reached = MembershipState.ACTIVE
    require(reached is not None, policy.who_may_join(group.join_policy))
    if reached == MembershipState.REQUESTED and group.join_question and not answer:
        raise Invalid("answer", "answer-needed")
    return enter(actor.id, group, membership, reached or MembershipState.REQUESTED, answer=answer, rhythm=rhythm)


def leave_group(*, actor: Viewer, group: Group) -> None:
    """The actor is out, or takes back a request; leaving twice does no harm. Raises LastOrganiser."""
    require(policy.can_take_part(actor), "insider")
    hold(group)
    membership = queries.find_membership(actor.id, group)
    if membership is None or membership.state in (MembershipState.LEFT, MembershipState.REMOVED):
        return
    go(membership, group, MembershipState.LEFT)


def choose_rhythm(*, actor: Viewer, group: Group, rhythm: Rhythm) -> None:
    """How often the actor gets letters about what is new in a group. Invitations come all the same."""
    require(policy.can_take_part(actor), "insider")
    membership = queries.find_membership(actor.id, group)
    require(membership is not None and membership.state == MembershipState.ACTIVE, "insider")
    if membership is not None:
        membership.rhythm = rhythm
        db.session.flush()


def admit_member(*, actor: Viewer, group: Group, handle: str) -> None:
    """An organiser lets in somebody who asked."""
    require(policy.can_organise(actor, group.id))
    hold(group)
    membership = membership_of(handle, group)
    if membership.state == MembershipState.ACTIVE:
        return
    if membership.state != MembershipState.REQUESTED:
        raise NotWaiting
    if not policy.can_admit(group):
        raise ParticipationNotVerified
    require_open(group)
    enter(membership.account_id, group, membership, MembershipState.ACTIVE)
    audit.record(actor, "group.admit", f"group:{group.slug}", member=handle)
    notices.tell_member_of_admission(membership.account_id, group)


def decline_member(*, actor: Viewer, group: Group, handle: str, reason: str) -> None:
    """An organiser does not let in somebody who asked, and says why. They may ask again."""
    require(policy.can_organise(actor, group.id))
    hold(group)
    membership = membership_of(handle, group)
    if membership.state != MembershipState.REQUESTED:
        raise NotWaiting
    go(membership, group, MembershipState.LEFT)
    audit.record(actor, "group.decline", f"group:{group.slug}", reason=reason, member=handle)
    notices.tell_member_of_refusal(membership.account_id, group, reason)


def remove_member(*, actor: Viewer, group: Group, handle: str, reason: str, may_be_last: bool = False) -> None:
    """An organiser takes somebody out for good; another organiser goes only by those above. Raises LastOrganiser.

    `may_be_last`: whoever never was there goes, even if nobody is left to organise the group.
    """
    require(policy.can_organise(actor, group.id))
    hold(group)
    membership = membership_of(handle, group, MembershipState.ACTIVE)
    if queries.organises(membership.account_id, group):
        require(policy.can_appoint(actor, group.id), "organiser-above")
    go(membership, group, MembershipState.REMOVED, may_be_last=may_be_last)
    audit.record(actor, "group.remove", f"group:{group.slug}", reason=reason, member=handle)
    notices.tell_member_of_removal(membership.account_id, group, reason)


def forget_person(account_id: int) -> Iterator[int]:
    """Somebody is erased: out of each group, even as the last one who organised it. Yields each group."""
    joined = sa.select(Membership.group_id).where(
        Membership.account_id == account_id, Membership.state == MembershipState.ACTIVE
    )
    for group_id in db.session.scalars(joined.order_by(Membership.group_id)).all():
        group = db.session.get_one(Group, group_id)
        hold(group)
        membership = queries.find_membership(account_id, group)
        if membership is not None and membership.state == MembershipState.ACTIVE:
            go(membership, group, MembershipState.LEFT, may_be_last=True)
        yield group_id
