"""Who sees and who gives a role."""

from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Role, Tenure


def can_give(viewer: Viewer, group_id: int, role: Role) -> bool:
    """Organisers are made by those above, the other roles by organisers: nobody gives more than they have."""
    if role == Role.ORGANISER:
        return groups_policy.can_appoint(viewer, group_id)
    return groups_policy.can_organise(viewer, group_id)


def can_hand_over(viewer: Viewer, tenure: Tenure) -> bool:
    """One's own role, or one that one may give."""
    if viewer.is_suspended or not viewer.is_authenticated:
        return False
    return tenure.account_id == viewer.id or can_give(viewer, tenure.group_id, tenure.role)
