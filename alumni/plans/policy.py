"""Who writes a plan, who reads it, who sees the sums."""

from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupKind, Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing
from alumni.officers import policy as officers_policy
from alumni.plans.models import Plan, PlanAudience


def can_plan(viewer: Viewer, group: Any, *, state: Any) -> bool:
    """Members of the group of a cohort; `state` is that of the viewer's membership."""
    return groups_policy.can_take_part(viewer) and group.kind == GroupKind.COHORT and state == MembershipState.ACTIVE


def is_own(viewer: Viewer) -> sa.ColumnElement[bool]:
    return Plan.account_id == viewer.id


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """One's own; what is shown to the group, inside it; what is shown to officers, in their scope.

    Whoever shows the group no name is not shown by a plan, and a block holds here as well.
    """
    shown = there_is(Listing, Listing.account_id == Plan.account_id, Listing.audience == Audience.GROUPS)
    is_there = there_is(
        Membership,
        Membership.account_id == Plan.account_id,
        Membership.group_id == Plan.group_id,
        Membership.state == MembershipState.ACTIVE,
    )
    inside = there_is(Group, Group.id == Plan.group_id, groups_policy.inside(viewer))
    acts_for = there_is(Group, Group.id == Plan.group_id, officers_of(viewer))
    not_blocked = sa.not_(members_policy.is_blocked_either_way(viewer.id, Plan.account_id))
    to_group = sa.and_(Plan.audience != PlanAudience.ONLY_ME, inside)
    to_officers = sa.and_(Plan.audience == PlanAudience.OFFICERS, acts_for)
    others = sa.and_(shown, is_there, not_blocked, sa.or_(to_group, to_officers))
    return sa.or_(sa.and_(is_own(viewer), sa.literal(viewer.is_authenticated)), others)


def officers_of(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Group: the viewer acts for its programme, in every country or in that of the group."""
    return officers_policy.in_scope(viewer, programme_id=Group.programme_id, country=Group.country)


def summed_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Group: who sees how many plans there are and how they go: its organisers, officers, admins."""
    return sa.or_(groups_policy.organised_by(viewer), officers_of(viewer))


def can_sum(viewer: Viewer, group_id: int) -> bool:
    may = there_is(Group, Group.id == group_id, summed_by(viewer))
    return bool(db.session.scalar(sa.select(sa.true()).where(may)))


def acts_for_somebody(viewer: Viewer) -> bool:
    """Officers and admins are told that there is nothing to sum; others that it is not theirs to see."""
    return viewer.is_admin or officers_policy.is_officer(viewer)
