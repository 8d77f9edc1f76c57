"""Who sees a group, who is inside it, who runs it, who may join."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.db import db, there_is
from alumni.core.ready import today
from alumni.core.viewer import Viewer
from alumni.groups.models import (
    AdmittedProgramme,
    Group,
    GroupKind,
    GroupPath,
    JoinPolicy,
    Membership,
    MembershipState,
    Role,
    Tenure,
    Visibility,
)
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing, Participation, ParticipationState
from alumni.programmes.models import Programme


def runs(role: Role) -> sa.ColumnElement[bool]:
    """Clause on Tenure: it gives this role today. Leaving the group ends it."""
    return sa.and_(
        Tenure.role == role,
        Tenure.ended_at.is_(None),
        Tenure.starts_on <= today(),
        sa.or_(Tenure.ends_on.is_(None), Tenure.ends_on >= today()),
    )


def is_organiser() -> sa.ColumnElement[bool]:
    """Clause on Tenure: it is that of an organiser whose term runs."""
    return runs(Role.ORGANISER)


def organises(account_id: Any, group_id: Any) -> sa.ColumnElement[bool]:
    """Clause: somebody organises this very group today. Give ids or columns."""
    return there_is(Tenure, Tenure.group_id == group_id, Tenure.account_id == account_id, is_organiser())


def organised_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Organisers of the group, or of any group above it, while their term runs; admins everywhere."""
    return _run_by(viewer, is_organiser())


def moderated_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Who hides what breaks the rules here: its organisers and moderators, or those of a group above; admins."""
    return _run_by(viewer, sa.or_(is_organiser(), runs(Role.MODERATOR)))


def recorded_by(viewer: Who) -> sa.ColumnElement[bool]:
    """Who keeps its minutes and registers: its organisers and records officers, or those of a group above; admins."""
    return _run_by(viewer, sa.or_(is_organiser(), runs(Role.RECORDS)))


def _run_by(viewer: Who, rule: sa.ColumnElement[bool], *, from_depth: int = 0) -> sa.ColumnElement[bool]:
    in_the_tree = there_is(
        GroupPath,
        GroupPath.descendant_id == Group.id,
        GroupPath.depth >= from_depth,
        there_is(Tenure, Tenure.group_id == GroupPath.ancestor_id, Tenure.account_id == viewer.id, rule),
    )
    return sa.and_(in_good_standing(viewer), sa.or_(holds(viewer.is_admin), in_the_tree))


def inside(viewer: Who) -> sa.ColumnElement[bool]:
    """Who sees the members, the posts and the closed events: active members, organisers of the tree, admins."""
    return sa.or_(sa.and_(in_good_standing(viewer), _is_there(viewer, MembershipState.ACTIVE)), organised_by(viewer))


def _is_there(viewer: Who, state: MembershipState) -> sa.ColumnElement[bool]:
    return there_is(
        Membership,
        Membership.group_id == Group.id,
        Membership.account_id == viewer.id,
        Membership.state == state,
    )


def shares_group(viewer_id: Any, account_id: Any) -> sa.ColumnElement[bool]:
    """Clause: two people are active members of one group. Give ids or columns."""
    mine, theirs = aliased(Membership), aliased(Membership)
    return (
        sa.exists()
        .where(
            mine.account_id == viewer_id,
            mine.state == MembershipState.ACTIVE,
            theirs.group_id == mine.group_id,
            theirs.account_id == account_id,
            theirs.state == MembershipState.ACTIVE,
        )
        .correlate_except(mine, theirs)
    )


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Who sees that the group exists: everybody, members with a verified participation, or only those inside.

    Whoever is invited sees to what.
    """
    is_verified = sa.and_(holds(viewer.is_verified), in_good_standing(viewer))
    return sa.or_(
        Group.visibility == Visibility.PUBLIC,
        sa.and_(Group.visibility == Visibility.MEMBERS, is_verified),
        sa.and_(in_good_standing(viewer), _is_there(viewer, MembershipState.INVITED)),
        inside(viewer),
    )


def is_inside(viewer: Viewer, group_id: int) -> bool:
    return _holds(inside(viewer), group_id)


def can_organise(viewer: Viewer, group_id: int) -> bool:
    return _holds(organised_by(viewer), group_id)


def can_appoint(viewer: Viewer, group_id: int) -> bool:
    """Organisers are made by those above: an admin, or an organiser of a group higher in the tree."""
    return _holds(_run_by(viewer, is_organiser(), from_depth=1), group_id)


def can_move(viewer: Viewer, group_id: int, parent_ids: Iterable[int]) -> bool:
    """Whoever organises the group and each of the groups above it that come or go."""
    return can_organise(viewer, group_id) and all(can_organise(viewer, parent_id) for parent_id in parent_ids)


def can_moderate(viewer: Viewer, group_id: int) -> bool:
    return _holds(moderated_by(viewer), group_id)


def can_keep_records(viewer: Viewer, group_id: int) -> bool:
    return _holds(recorded_by(viewer), group_id)


def can_archive(viewer: Viewer, group_id: int) -> bool:
    return _holds(organised_by(viewer), group_id)


def is_open() -> sa.ColumnElement[bool]:
    """Clause on Group: it is not archived, so one may join, write and post there."""
    return Group.archived_at.is_(None)


def _holds(clause: sa.ColumnElement[bool], group_id: int) -> bool:
    return bool(db.session.scalar(sa.select(sa.true()).where(there_is(Group, Group.id == group_id, clause))))


def can_take_part(viewer: Viewer) -> bool:
    """Signed in and not suspended: may come and go."""
    return viewer.is_authenticated and not viewer.is_suspended


def can_admit(group: Group) -> bool:
    """Whether organisers let people in. In a cohort's group a verified participation does."""
    return group.join_policy != JoinPolicy.PARTICIPATION


def asks_for_participation(group: Any) -> bool:
    """Into a cohort's group, or one of those who took part, an invitation alone does not lead."""
    return bool(group.kind == GroupKind.COHORT or group.join_policy == JoinPolicy.PARTICIPATION)


def can_admit_to_cohort(viewer: Viewer, participation: Participation) -> bool:
    """Whoever verified it, or the installation by the roster; never on a mere claim."""
    return participation.state == ParticipationState.VERIFIED and not viewer.is_suspended


def can_dismiss_from_cohort(viewer: Viewer, participation: Participation) -> bool:
    """Whoever decided that it does not count; never while it does."""
    return participation.state != ParticipationState.VERIFIED and not viewer.is_suspended


def can_join(viewer: Viewer, group: Group) -> bool:
    return what_joining_makes(viewer, group) is not None


def what_joining_makes(viewer: Viewer, group: Group) -> MembershipState | None:
    """The same, asked of the database for one group."""
    is_fulfilled = group.join_policy == JoinPolicy.PARTICIPATION and _holds(fulfils(viewer.id), group.id)
    took_part = participation_in(viewer, group.cohort_id)
    return state_on_joining(viewer, group.join_policy, took_part, is_fulfilled=is_fulfilled)


def who_may_join(join_policy: JoinPolicy) -> str:
    """The code of who could, for a refusal."""
    return {JoinPolicy.PARTICIPATION: "participant", JoinPolicy.INVITATION: "invited"}.get(join_policy, "member")


def fulfils(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause on Group: somebody fulfils what it asks of those who join by their participation.

    That is one that is verified, in one of its programmes or in an edition of them, and to live in its country, as
    far as their groups may see where they live: what an audience may not see must not be found out by it.
    """
    named = there_is(AdmittedProgramme, AdmittedProgramme.group_id == Group.id)
    is_of_it = there_is(
        Programme,
        Programme.id == Participation.programme_id,
        there_is(
            AdmittedProgramme,
            AdmittedProgramme.group_id == Group.id,
            sa.or_(
                AdmittedProgramme.programme_id == Programme.id,
                AdmittedProgramme.programme_id == Programme.parent_id,
                AdmittedProgramme.family_id == Programme.family_id,
            ),
        ),
    )
    took_part = there_is(
        Participation,
        Participation.account_id == account_id,
        members_policy.counts(),
        sa.or_(sa.not_(named), is_of_it),
    )
    lives_there = there_is(
        Listing,
        Listing.account_id == account_id,
        Listing.audience == Audience.GROUPS,
        Listing.country == Group.admits_country,
    )
    return sa.and_(Group.cohort_id.is_(None), took_part, sa.or_(Group.admits_country == "", lives_there))


def state_on_joining(
    viewer: Viewer,
    join_policy: JoinPolicy,
    participation: ParticipationState | None,
    *,
    is_fulfilled: bool = False,
) -> MembershipState | None:
    """What joining makes of somebody who is not in the group: active, requested, or None where it is refused."""
    if not can_take_part(viewer):
        return None
    if join_policy == JoinPolicy.OPEN:
        return MembershipState.ACTIVE if viewer.is_verified else None
    if join_policy == JoinPolicy.REQUEST:
        return MembershipState.REQUESTED
    if join_policy == JoinPolicy.PARTICIPATION:
        if is_fulfilled or participation == ParticipationState.VERIFIED:
            return MembershipState.ACTIVE
        if participation in (ParticipationState.CLAIMED, ParticipationState.ASKED):
            return MembershipState.REQUESTED
    return None


def participation_in(viewer: Viewer, cohort_id: int | None) -> ParticipationState | None:
    """How the viewer's participation in a cohort stands."""
    if cohort_id is None:
        return None
    return db.session.scalar(
        sa.select(Participation.state).where(
            Participation.account_id == viewer.id, Participation.cohort_id == cohort_id
        )
    )
