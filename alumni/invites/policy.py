"""Who invites to a group, and who sees which invitations."""

import sqlalchemy as sa

from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.invites.models import GroupInvitation

MOST_A_DAY = {True: 500, False: 20}  # letters to a group, by its organisers and by others
MOST_USES = {True: 500, False: 20}  # of a link


def can_invite(viewer: Viewer, group_id: int, *, members_invite: bool) -> bool:
    """Its organisers, and members where the group lets them."""
    if groups_policy.can_organise(viewer, group_id):
        return True
    return members_invite and groups_policy.is_inside(viewer, group_id)


def visible_to(viewer: Viewer, *, organises: bool) -> sa.ColumnElement[bool]:
    """Clause on GroupInvitation, inside one group: organisers see all of them, others their own."""
    return sa.true() if organises else GroupInvitation.by_id == viewer.id
