"""Who reads an entry of outreach, who writes and changes one, who takes the figures along."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import in_good_standing
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing
from alumni.officers import policy as officers_policy
from alumni.outreach.models import OutreachEntry


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """One's own; those inside the group read what it did itself, and what its people show there under their name."""
    inside = there_is(Group, Group.id == OutreachEntry.group_id, groups_policy.inside(viewer))
    shown = sa.and_(OutreachEntry.audience == Audience.GROUPS, _shows_name(viewer))
    return sa.or_(is_own(viewer), sa.and_(inside, sa.or_(OutreachEntry.is_of_group, shown)))


def is_own(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause: it is what the viewer did."""
    return sa.and_(OutreachEntry.account_id == viewer.id, sa.not_(OutreachEntry.is_of_group))


def _shows_name(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whoever did it is in the group still, is known by name there, and has no block between them and the viewer."""
    is_there = there_is(
        Membership,
        Membership.account_id == OutreachEntry.account_id,
        Membership.group_id == OutreachEntry.group_id,
        Membership.state == MembershipState.ACTIVE,
    )
    is_listed = there_is(Listing, Listing.account_id == OutreachEntry.account_id, Listing.audience == Audience.GROUPS)
    blocked = members_policy.is_blocked_either_way(viewer.id, OutreachEntry.account_id)
    return sa.and_(is_there, is_listed, sa.not_(blocked))


def editable_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause: one's own; what the group did itself, for its organisers."""
    organised = there_is(Group, Group.id == OutreachEntry.group_id, groups_policy.organised_by(viewer))
    return sa.or_(sa.and_(in_good_standing(viewer), is_own(viewer)), sa.and_(OutreachEntry.is_of_group, organised))


def can_edit(viewer: Viewer, entry: OutreachEntry) -> bool:
    rule = there_is(OutreachEntry, OutreachEntry.id == entry.id, editable_by(viewer))
    return bool(db.session.scalar(sa.select(sa.true()).where(rule)))


def can_note(viewer: Viewer) -> bool:
    """Whoever is signed in keeps a list of their own."""
    return groups_policy.can_take_part(viewer)


def can_count_for(viewer: Viewer, group_id: int) -> bool:
    """What somebody did counts for a group that they are inside of."""
    return groups_policy.is_inside(viewer, group_id)


def can_note_for(viewer: Viewer, group_id: int) -> bool:
    """What a group did is noted by its organisers."""
    return groups_policy.can_organise(viewer, group_id)


def sums_in_scope(viewer: Viewer, *, programme_id: Any, country: Any) -> sa.ColumnElement[bool]:
    """Clause: an officer's programmes and country; everything for admins."""
    if viewer.is_admin and not viewer.is_suspended:
        return sa.true()
    return officers_policy.in_scope(viewer, programme_id=programme_id, country=country)


def can_take_along(viewer: Viewer) -> bool:
    return (viewer.is_admin and not viewer.is_suspended) or officers_policy.is_officer(viewer)
