"""Who brings lists in: officers for the programmes and the country of their mandate, and admins."""

import sqlalchemy as sa

from alumni.core.viewer import Viewer
from alumni.officers import policy as officers_policy
from alumni.officers.models import Mandate
from alumni.programmes.models import Programme
from alumni.rosters.models import RosterImport


def import_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on RosterImport: whoever may import for its programme and its country sees it."""
    if viewer.is_admin and not viewer.is_suspended:
        return sa.true()
    return officers_policy.in_scope(viewer, programme_id=RosterImport.programme_id, country=RosterImport.country)


def can_import(viewer: Viewer, *, programme_id: int, country: str = "") -> bool:
    """A mandate for one country imports lists of that country alone."""
    if viewer.is_admin and not viewer.is_suspended:
        return True
    return officers_policy.reaches(viewer, programme_id=programme_id, country=country)


def importable_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Programme: the viewer may import lists of it, be it from one country alone."""
    if viewer.is_admin and not viewer.is_suspended:
        return sa.true()
    # Whatever country a mandate has is one of its own.
    return officers_policy.in_scope(viewer, programme_id=Programme.id, country=Mandate.country)
