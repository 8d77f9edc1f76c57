"""What every act on records asks of the groups that it names."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups.actions import require_open
from alumni.groups.models import Group, GroupPath
from alumni.meetings import policy
from alumni.meetings.models import ends_before


def require_keeper(actor: Viewer, group_id: int) -> None:
    """The first line of every act on records. Raises NotPermitted, or GroupArchived where the group is closed."""
    require(policy.can_keep(actor, group_id), "keeper")
    require_open(db.session.get_one(Group, group_id))


def member_of(group_id: int, slug: str, field: str) -> Group:
    """The group itself, or one below it. Raises Invalid("not-below") for any other, whether there is one or not."""
    found = db.session.scalar(
        sa.select(Group)
        .join(GroupPath, GroupPath.descendant_id == Group.id)
        .where(GroupPath.ancestor_id == group_id, Group.slug == slug)
    )
    if found is None:
        raise Invalid(field, "not-below")
    return found


def member_id(group_id: int, slug: str, field: str) -> int | None:
    return member_of(group_id, slug, field).id if slug else None


def require_order(start: str, end: str, field: str) -> None:
    """Raises Invalid("ends-before-start") at `field`."""
    if ends_before(start, end):
        raise Invalid(field, "ends-before-start")


def values_of(draft: Any, *but: str) -> dict[str, Any]:
    """The fields of a draft that are columns as they stand."""
    return {field.name: getattr(draft, field.name) for field in fields(draft) if field.name not in but}
