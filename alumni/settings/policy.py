"""Who sets groups up, who makes new ones, who proposes them and who decides."""

import sqlalchemy as sa

from alumni.core.db import there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.settings.models import Proposal


def can_set_up(viewer: Viewer, group_id: int) -> bool:
    """Organisers of the group or of a group above it; admins."""
    return groups_policy.can_organise(viewer, group_id)


def can_make(viewer: Viewer, parent: Group | None) -> bool:
    """Below a group its organisers; at the top an admin."""
    if parent is None:
        return viewer.is_admin and not viewer.is_suspended
    return groups_policy.can_organise(viewer, parent.id)


def can_propose(viewer: Viewer, parent: Group | None) -> bool:
    """Members of the group above; at the top whoever has a verified participation."""
    if not groups_policy.can_take_part(viewer):
        return False
    return viewer.is_verified if parent is None else groups_policy.is_inside(viewer, parent.id)


def can_decide(viewer: Viewer, proposal: Proposal) -> bool:
    """Whoever could make the group, but not about a proposal of their own."""
    if proposal.proposed_by_id == viewer.id:
        return False
    if proposal.parent_id is None:
        return viewer.is_admin and not viewer.is_suspended
    return groups_policy.can_organise(viewer, proposal.parent_id)


def decided_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Proposal: it is for the viewer to decide."""
    organised = there_is(Group, Group.id == Proposal.parent_id, groups_policy.organised_by(viewer))
    return sa.and_(Proposal.proposed_by_id != viewer.id, sa.or_(organised, sa.literal(viewer.is_admin)))


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Proposal: one's own, and those that one decides."""
    return sa.or_(Proposal.proposed_by_id == viewer.id, decided_by(viewer))
