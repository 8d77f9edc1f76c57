"""Who sees a group, who is inside it, who runs it, who may join."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.db import db, there_is
from alumni.core.ready import today
from alumni.core.viewer import Viewer
from alumni.groups.models import (
    Group,
    GroupPath,
    JoinPolicy,
    Membership,
    MembershipState,
    Role,
    Tenure,
    Visibility,
)
from alumni.members.models import Participation, ParticipationState


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


def can_admit_to_cohort(viewer: Viewer, participation: Participation) -> bool:
    """Whoever verified it, or the installation by the roster; never on a mere claim."""
    return participation.state == ParticipationState.VERIFIED and not viewer.is_suspended


def can_dismiss_from_cohort(viewer: Viewer, participation: Participation) -> bool:
    """Whoever decided that it does not count; never while it does."""
    return participation.state != ParticipationState.VERIFIED and not viewer.is_suspended


def can_join(viewer: Viewer, group: Group) -> bool:
    return state_on_joining(viewer, group.join_policy, participation_in(viewer, group.cohort_id)) is not None


def who_may_join(join_policy: JoinPolicy) -> str:
    """The code of who could, for a refusal."""
    return {JoinPolicy.PARTICIPATION: "participant", JoinPolicy.INVITATION: "invited"}.get(join_policy, "member")


def state_on_joining(
    viewer: Viewer, join_policy: JoinPolicy, participation: ParticipationState | None
) -> MembershipState | None:
    """What joining makes of somebody who is not in the group: active, requested, or None where it is refused."""
    if not can_take_part(viewer):
        return None
    if join_policy == JoinPolicy.OPEN:
        return MembershipState.ACTIVE if viewer.is_verified else None
    if join_policy == JoinPolicy.REQUEST:
        return MembershipState.REQUESTED
    if join_policy == JoinPolicy.PARTICIPATION:
        if participation == ParticipationState.VERIFIED:
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
