"""Who sees and keeps the rosters: officers within their mandate, and admins, every look logged."""

import sqlalchemy as sa

from alumni.core.viewer import Viewer
from alumni.officers import policy as officers_policy
from alumni.rosters.models import RosterEntry, RosterImport


def entry_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: it is in the viewer's scope. Nobody else ever reads one, not even whose it is."""
    if viewer.is_admin and not viewer.is_suspended:
        return sa.true()
    return officers_policy.in_scope(viewer, programme_id=RosterEntry.programme_id, country=RosterEntry.country)


def import_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on RosterImport: whoever may import for its programme and its country sees it."""
    if viewer.is_admin and not viewer.is_suspended:
        return sa.true()
    return officers_policy.in_scope(viewer, programme_id=RosterImport.programme_id, country=RosterImport.country)


def can_see_rosters(viewer: Viewer) -> bool:
    return (viewer.is_admin and not viewer.is_suspended) or officers_policy.is_officer(viewer)


def can_import(viewer: Viewer, *, programme_id: int, country: str = "") -> bool:
    """A mandate for one country imports lists of that country alone."""
    if viewer.is_admin and not viewer.is_suspended:
        return True
    return officers_policy.reaches(viewer, programme_id=programme_id, country=country)
