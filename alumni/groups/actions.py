"""What is done with groups: joining, asking, admitting, leaving, removing, appointing.

Whatever changes who is in a group holds the row of the group first, so the count, the last organiser and joining
twice are never a matter of luck.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import DomainError, Invalid, NotFound, require
from alumni.core.names import sort_key
from alumni.core.viewer import Viewer
from alumni.groups import notices, policy, queries
from alumni.groups.models import (
    Group,
    GroupKind,
    GroupPath,
    JoinPolicy,
    Membership,
    MembershipRole,
    MembershipState,
)
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.members.models import Participation
from alumni.programmes.models import Cohort, CohortCountry

LONGEST_TERM = timedelta(days=3660)  # ten years


class RemovedFromGroup(DomainError):
    """An organiser took this person out of the group: they do not come back by themselves."""


class LastOrganiser(DomainError):
    """A group is never left without an organiser."""


class NotWaiting(DomainError):
    """There is no request of this person any more."""


class ParticipationNotVerified(DomainError):
    """Into a cohort's group comes who was there: the desk decides that, not an organiser."""


def join_group(*, actor: Viewer, group: Group) -> MembershipState:
    """The actor is in, or has asked to be. Returns the state reached; joining twice is one membership."""
    require(policy.can_take_part(actor), "member")
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    _hold(group)
    membership = queries.find_membership(actor.id, group)
    if membership is not None and membership.state == MembershipState.ACTIVE:
        return MembershipState.ACTIVE
    if membership is not None and membership.state == MembershipState.REMOVED:
        raise RemovedFromGroup
    reached = policy.state_on_joining(actor, group.join_policy, policy.participation_in(actor, group.cohort_id))
    if membership is not None and membership.state == MembershipState.INVITED:
        reached = MembershipState.ACTIVE
    require(reached is not None, policy.who_may_join(group.join_policy))
    return _enter(actor.id, group, membership, reached or MembershipState.REQUESTED)


def leave_group(*, actor: Viewer, group: Group) -> None:
    """The actor is out, or takes back a request; leaving twice does no harm. Raises LastOrganiser."""
    require(policy.can_take_part(actor), "insider")
    _hold(group)
    membership = queries.find_membership(actor.id, group)
    if membership is None or membership.state in (MembershipState.LEFT, MembershipState.REMOVED):
        return
    _go(membership, group, MembershipState.LEFT)


def admit_to_cohort_group(*, actor: Viewer, participation: Participation) -> Group | None:
    """A verified participation opens the cohort's group, whether or not its holder asked.

    None when it names no cohort. Whoever was removed from the group stays out.
    """
    require(policy.can_admit_to_cohort(actor, participation), "admin")
    if participation.cohort_id is None:
        return None
    group = ensure_cohort_group(cohort=db.session.get_one(Cohort, participation.cohort_id))
    _hold(group)
    membership = queries.find_membership(participation.account_id, group)
    if membership is None or membership.state not in (MembershipState.ACTIVE, MembershipState.REMOVED):
        _enter(participation.account_id, group, membership, MembershipState.ACTIVE)
    return group


def dismiss_from_cohort_group(*, actor: Viewer, participation: Participation) -> None:
    """Whoever was not there after all is out of the cohort's group, or waits there no longer.

    Not removed for good: should it turn out that they were there, the group is open to them again.
    """
    require(policy.can_dismiss_from_cohort(actor, participation), "admin")
    group = db.session.scalar(sa.select(Group).where(Group.cohort_id == participation.cohort_id))
    if group is None or participation.cohort_id is None:
        return
    _hold(group)
    membership = queries.find_membership(participation.account_id, group)
    if membership is not None and membership.state in (MembershipState.ACTIVE, MembershipState.REQUESTED):
        _go(membership, group, MembershipState.LEFT, may_be_last=True)


def ensure_cohort_group(*, cohort: Cohort) -> Group:
    """The group of a cohort, made if there is none."""
    group = db.session.scalar(sa.select(Group).where(Group.cohort_id == cohort.id))
    if group is None:
        countries = sa.select(CohortCountry.country).where(CohortCountry.cohort_id == cohort.id)
        facts = cohort_group_facts(cohort, sent_from=db.session.scalars(countries).all())
        # Another group may have taken the slug of the cohort.
        insert_or_ignore(Group, facts) or insert_or_ignore(Group, facts | {"slug": f"cohort-{cohort.slug}"[:80]})
        group = db.session.scalars(sa.select(Group).where(Group.cohort_id == cohort.id)).one()
    insert_or_ignore(GroupPath, {"ancestor_id": group.id, "descendant_id": group.id, "depth": 0})
    return group


def follow_cohort(*, cohort: Cohort, was: str) -> Group:
    """What a group copies of its cohort follows it; the name does while it is still the title that the cohort had."""
    group = ensure_cohort_group(cohort=cohort)
    countries = sa.select(CohortCountry.country).where(CohortCountry.cohort_id == cohort.id)
    facts = cohort_group_facts(cohort, sent_from=db.session.scalars(countries).all())
    names = ("name", "sort_key") if group.name == was else ()
    for name in ("programme_id", "year", "country", "source", *names):
        setattr(group, name, facts[name])
    return group


def cohort_group_facts(cohort: Cohort, *, sent_from: Sequence[str]) -> dict[str, Any]:
    """What the group of a cohort is like before anybody has changed it."""
    return {
        "slug": cohort.slug,
        "kind": GroupKind.COHORT,
        "name": cohort.title,
        "sort_key": sort_key(cohort.title),
        "cohort_id": cohort.id,
        "programme_id": cohort.programme_id,
        "year": cohort.year,
        "country": sent_from[0] if len(sent_from) == 1 else "",
        "join_policy": JoinPolicy.PARTICIPATION,
        "source": cohort.source,
    }


def admit_member(*, actor: Viewer, group: Group, handle: str) -> None:
    """An organiser lets in somebody who asked."""
    require(policy.can_organise(actor, group.id))
    _hold(group)
    membership = _membership_of(handle, group)
    if membership.state == MembershipState.ACTIVE:
        return
    if membership.state != MembershipState.REQUESTED:
        raise NotWaiting
    if not policy.can_admit(group):
        raise ParticipationNotVerified
    _enter(membership.account_id, group, membership, MembershipState.ACTIVE)
    audit.record(actor, "group.admit", f"group:{group.slug}", member=handle)
    notices.tell_member_of_admission(membership.account_id, group)


def decline_member(*, actor: Viewer, group: Group, handle: str, reason: str) -> None:
    """An organiser does not let in somebody who asked, and says why. They may ask again."""
    require(policy.can_organise(actor, group.id))
    _hold(group)
    membership = _membership_of(handle, group)
    if membership.state != MembershipState.REQUESTED:
        raise NotWaiting
    _go(membership, group, MembershipState.LEFT)
    audit.record(actor, "group.decline", f"group:{group.slug}", reason=reason, member=handle)
    notices.tell_member_of_refusal(membership.account_id, group, reason)


def remove_member(*, actor: Viewer, group: Group, handle: str, reason: str, may_be_last: bool = False) -> None:
    """An organiser takes somebody out for good; another organiser goes only by those above. Raises LastOrganiser.

    `may_be_last`: whoever never was there goes, even if nobody is left to organise the group.
    """
    require(policy.can_organise(actor, group.id))
    _hold(group)
    membership = _membership_of(handle, group, MembershipState.ACTIVE)
    if membership.role == MembershipRole.ORGANISER:
        require(policy.can_appoint(actor, group.id), "organiser-above")
    _go(membership, group, MembershipState.REMOVED, may_be_last=may_be_last)
    audit.record(actor, "group.remove", f"group:{group.slug}", reason=reason, member=handle)
    notices.tell_member_of_removal(membership.account_id, group, reason)


def appoint_organiser(*, actor: Viewer, group: Group, handle: str, term_ends_on: date) -> None:
    """Makes a member of the group its organiser until the end of a day. Raises Invalid("term_ends_on")."""
    require(policy.can_appoint(actor, group.id), "organiser-above")
    today = clock.now().date()
    if not today <= term_ends_on <= today + LONGEST_TERM:
        raise Invalid("term_ends_on", "term")
    _hold(group)
    membership = _membership_of(handle, group, MembershipState.ACTIVE)
    membership.role, membership.term_ends_on = MembershipRole.ORGANISER, term_ends_on.isoformat()
    audit.record(actor, "group.appoint", f"group:{group.slug}", member=handle, term_ends_on=term_ends_on.isoformat())
    notices.tell_organiser_of_appointment(membership.account_id, group, term_ends_on.isoformat())


def _hold(group: Group) -> None:
    """One change at a time: PostgreSQL waits for the row of the group, SQLite has one writer anyhow."""
    db.session.execute(sa.select(Group.id).where(Group.id == group.id).with_for_update(key_share=True))


def _membership_of(handle: str, group: Group, *states: MembershipState) -> Membership:
    account_id = queries.find_account_id(handle)
    membership = queries.find_membership(account_id, group) if account_id else None
    if membership is None or (states and membership.state not in states):
        raise NotFound
    return membership


def _enter(account_id: int, group: Group, membership: Membership | None, state: MembershipState) -> MembershipState:
    """In, or asking. The row of the group is held."""
    now = clock.now()
    if membership is None:
        membership = Membership(account_id=account_id, group_id=group.id, asked_at=now)
        db.session.add(membership)
    elif membership.state != MembershipState.REQUESTED:
        membership.asked_at = now
    membership.state, membership.role, membership.term_ends_on = state, MembershipRole.MEMBER, None
    if state == MembershipState.ACTIVE:
        membership.joined_at = now
        _count(group, 1)
    db.session.flush()
    return state


def _go(membership: Membership, group: Group, state: MembershipState, *, may_be_last: bool = False) -> None:
    """Out. The row of the group is held."""
    if membership.role == MembershipRole.ORGANISER and not may_be_last:
        others = queries.other_organisers_of(group, membership.account_id)
        if db.session.scalar(others.limit(1)) is None:
            raise LastOrganiser
    if membership.state == MembershipState.ACTIVE:
        _count(group, -1)
    membership.state, membership.role = state, MembershipRole.MEMBER
    membership.term_ends_on = membership.joined_at = None
    db.session.flush()


def _count(group: Group, change: int) -> None:
    db.session.execute(
        sa.update(Group)
        .where(Group.id == group.id)
        .values(members_count=Group.members_count + change)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(group, ["members_count"])
