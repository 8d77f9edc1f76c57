"""Who reads what a group keeps on record, and who keeps it."""

import sqlalchemy as sa

from alumni.accounts.policy import Who
from alumni.core.db import there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.meetings.models import Meeting, Resolution


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Whoever sees the group sees its meetings; their minutes are another matter."""
    return there_is(Group, Group.id == Meeting.group_id, groups_policy.visible_to(viewer))


def resolution_visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """What was resolved is open to whoever sees the group."""
    return there_is(Group, Group.id == Resolution.group_id, groups_policy.visible_to(viewer))


def reads_drafts(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause over the group: who reads minutes that are not published, and the names of those who signed.

    Those inside, and whoever keeps the records.
    """
    return sa.or_(groups_policy.inside(viewer), keeps_records(viewer))


def keeps_records(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause over the group: who writes its records. Organisers and records officers of it, or of what is above."""
    return groups_policy.recorded_by(viewer)


def can_keep(viewer: Viewer, group_id: int) -> bool:
    """Whether the viewer writes the records of a group."""
    return groups_policy.can_keep_records(viewer, group_id)
