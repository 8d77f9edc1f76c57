"""Who belongs to an umbrella, and who sits in its councils."""

from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.ready import ready, today
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupKind, GroupPath, Role, Tenure
from alumni.meetings.models import Meeting, Seat
from alumni.meetings.queries.meetings import known_groups
from alumni.members import policy as members_policy
from alumni.members.models import Listing

MOST_MEMBERS = 300
MOST_SEATS = 500
MOST_OFFICES = 1000
OFFICES = (Role.ORGANISER, Role.OFFICER, Role.RECORDS)  # those that an association is known by


@ready()
def associations_of(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """A group and those directly below it, by name: a row for each who holds an office there, or one without any.

    The term of an office is known to whoever sees the group; who holds it is named as to anybody whom the viewer may
    find. `hosted_on`: when the group last hosted a meeting.
    """
    hosted = (
        sa.select(sa.func.max(Meeting.starts_on)).where(Meeting.host_id == Group.id).correlate(Group).scalar_subquery()
    )
    is_itself = sa.case((Group.id == group_id, 1), else_=0)
    groups = (
        sa.select(
            *(Group.id, Group.slug, Group.name, Group.kind, Group.country, Group.founded, Group.is_former),
            Group.sort_key,
            hosted.label("hosted_on"),
            is_itself.label("is_itself"),
        )
        .where(
            sa.or_(Group.id == group_id, sa.and_(Group.parent_id == group_id, Group.kind != GroupKind.COHORT)),
            groups_policy.visible_to(viewer),
        )
        .order_by(sa.desc("is_itself"), Group.is_former, Group.sort_key)
        .limit(MOST_MEMBERS)
        .subquery()
    )
    holds = sa.and_(Tenure.group_id == groups.c.id, sa.or_(*(groups_policy.runs(role) for role in OFFICES)))
    is_named = sa.and_(Listing.account_id == Tenure.account_id, members_policy.visible_to(viewer))
    order = (groups.c.is_itself.desc(), groups.c.is_former, groups.c.sort_key, groups.c.id, Tenure.role, Tenure.id)
    return (
        sa.select(groups, Tenure.role, Tenure.title, Tenure.ends_on, Listing.handle, Listing.name.label("holder"))
        .outerjoin(Tenure, holds)
        .outerjoin(Listing, is_named)
        .order_by(*order)
        .limit(MOST_OFFICES)
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
