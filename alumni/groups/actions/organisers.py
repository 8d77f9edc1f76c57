"""Who runs a group, and until when."""

from datetime import date, timedelta

from alumni.core import audit, clock
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups import notices, policy
from alumni.groups.actions.passage import hold, membership_of
from alumni.groups.models import (
    Group,
    MembershipRole,
    MembershipState,
)

LONGEST_TERM = timedelta(days=3660)  # ten years


def appoint_organiser(*, actor: Viewer, group: Group, handle: str, term_ends_on: date) -> None:
    """Makes a member of the group its organiser until the end of a day. Raises Invalid("term_ends_on")."""
    require(policy.can_appoint(actor, group.id), "organiser-above")
    today = clock.now().date()
    if not today <= term_ends_on <= today + LONGEST_TERM:
        raise Invalid("term_ends_on", "term")
    hold(group)
    membership = membership_of(handle, group, MembershipState.ACTIVE)
    membership.role, membership.term_ends_on = MembershipRole.ORGANISER, term_ends_on.isoformat()
    audit.record(actor, "group.appoint", f"group:{group.slug}", member=handle, term_ends_on=term_ends_on.isoformat())
    notices.tell_organiser_of_appointment(membership.account_id, group, term_ends_on.isoformat())
