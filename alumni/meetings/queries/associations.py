"""Who belongs to an umbrella, and who sits in its councils."""

from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.ready import ready, today
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupKind, GroupPath
from alumni.meetings.models import Meeting, Seat
from alumni.meetings.queries.meetings import known_groups

MOST_MEMBERS = 300
MOST_SEATS = 500


@ready()
def associations_below(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """The groups directly below an umbrella, each with when it last hosted a meeting. By name."""
    hosted = (
        sa.select(sa.func.max(Meeting.starts_on)).where(Meeting.host_id == Group.id).correlate(Group).scalar_subquery()
    )
    return (
        sa.select(
            Group.id,
            Group.slug,
            Group.name,
            Group.abbr,
            Group.kind,
            Group.country,
            Group.founded,
            Group.is_former,
            hosted.label("hosted_on"),
        )
        .where(Group.parent_id == group_id, Group.kind != GroupKind.COHORT, groups_policy.visible_to(viewer))
        .order_by(Group.is_former, Group.sort_key)
        .limit(MOST_MEMBERS)
    )


@ready()
def seats_around(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """The seats in the councils of a group, and those that it holds itself; who sits there now comes first."""
    council, association = known_groups(viewer), known_groups(viewer)
    known_today = sa.func.substr(today(), 1, sa.func.length(Seat.to_on))  # as exact as the end is known
    is_running = sa.case((sa.or_(Seat.to_on == "", Seat.to_on >= known_today), 1), else_=0)
    return (
        sa.select(
            Seat.slug,
            Seat.council,
            Seat.name,
            Seat.from_on,
            Seat.to_on,
            Seat.source,
            Seat.group_id,
            is_running.label("is_running"),
            council.c.slug.label("group_slug"),
            council.c.name.label("group_name"),
            association.c.slug.label("association_slug"),
            association.c.name.label("association_name"),
        )
        .join(council, council.c.id == Seat.group_id)
        .join(association, association.c.id == Seat.association_id)
        .where(sa.or_(Seat.group_id == group_id, Seat.association_id == group_id))
        .order_by(sa.desc("is_running"), Seat.council, Seat.name, Seat.from_on.desc(), Seat.id)
        .limit(MOST_SEATS)
    )


def seat_of(group_id: int, slug: str) -> sa.Select[Any]:
    """One seat of a council of the group."""
    return sa.select(Seat).where(Seat.group_id == group_id, Seat.slug == slug)


def list_members(group_id: int) -> list[tuple[str, str]]:
    """The group and the associations below it, to choose from: slug and name."""
    select = (
        sa.select(Group.slug, Group.name)
        .join(GroupPath, GroupPath.descendant_id == Group.id)
        .where(
            GroupPath.ancestor_id == group_id,
            sa.or_(GroupPath.depth == 0, Group.kind.not_in([GroupKind.COHORT, GroupKind.INTEREST])),
        )
        .order_by(GroupPath.depth, Group.sort_key)
        .limit(MOST_MEMBERS)
    )
    return [(row.slug, row.name) for row in db.session.execute(select)]
