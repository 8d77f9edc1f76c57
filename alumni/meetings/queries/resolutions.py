"""Resolutions of a group, who signed them, and what became of them."""

from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.meetings import policy
from alumni.meetings.models import FollowUp, Meeting, Resolution, Signature
from alumni.meetings.queries.meetings import known_groups, plain

BY_ADOPTION = (Key(Resolution.adopted_on, "adopted_on", True), Key(Resolution.id, "id", True))
MOST_PARTS = 400  # signatures and follow-ups of one resolution
MOST_MEETINGS = 50


@ready()
def resolutions_of(viewer: Viewer, *, group_id: int, state: str = "") -> sa.Select[Any]:
    """The resolutions of a group, perhaps those in one state. Page it by `BY_ADOPTION`."""
    select = (
        sa.select(
            Resolution.id,
            Resolution.slug,
            Resolution.number,
            Resolution.title,
            Resolution.adopted_on,
            Resolution.state,
            Meeting.slug.label("meeting_slug"),
            Meeting.title.label("meeting_title"),
        )
        .join(Meeting, Meeting.id == Resolution.meeting_id)
        .where(Resolution.group_id == group_id, policy.resolution_visible_to(viewer))
    )
    return select.where(plain(Resolution.state) == state) if state else select


@ready()
def shown_resolution(viewer: Viewer, *, group_id: int, slug: str) -> sa.Select[Any]:
    """One resolution of a group with its text and its meeting."""
    return (
        sa.select(
            Resolution.id,
            Resolution.slug,
            Resolution.number,
            Resolution.title,
            Resolution.text,
            Resolution.adopted_on,
            Resolution.state,
            Resolution.source,
            Meeting.slug.label("meeting_slug"),
            Meeting.title.label("meeting_title"),
            Meeting.starts_on,
            Meeting.id.label("meeting_id"),
        )
        .join(Meeting, Meeting.id == Resolution.meeting_id)
        .where(Resolution.group_id == group_id, Resolution.slug == slug, policy.resolution_visible_to(viewer))
    )


@ready()
def parts_of_resolution(viewer: Viewer, *, resolution_id: int) -> sa.Select[Any]:
    """Its signatures, and what later meetings found had become of it (`part` says which), in order.

    Who signed is named to those inside the group; for whom and in which capacity, to everybody.
    """
    association, empty = known_groups(viewer), sa.literal("")
    signatures = (
        sa.select(
            sa.literal("signature").label("part"),
            Signature.country.label("place"),
            Signature.key.label("key"),
            empty.label("state"),
            association.c.slug.label("slug"),
            association.c.name.label("name"),
            Signature.country.label("country"),
            sa.case((policy.reads_drafts(viewer), Signature.signatory), else_="").label("signatory"),
            Signature.capacity.label("words"),
        )
        .join(Resolution, Resolution.id == Signature.resolution_id)
        .join(Group, Group.id == Resolution.group_id)
        .outerjoin(association, association.c.id == Signature.association_id)
        .where(Signature.resolution_id == resolution_id, groups_policy.visible_to(viewer))
    )
    follow_ups = (
        sa.select(
            sa.literal("follow-up"),
            Meeting.starts_on,
            Meeting.slug,
            plain(FollowUp.state),
            Meeting.slug,
            Meeting.title,
            empty,
            empty,
            FollowUp.words,
        )
        .join(Meeting, Meeting.id == FollowUp.meeting_id)
        .where(FollowUp.resolution_id == resolution_id, policy.visible_to(viewer))
    )
    parts = sa.union_all(signatures, follow_ups).subquery()
    return sa.select(parts).order_by(parts.c.part, parts.c.place, parts.c.key).limit(MOST_PARTS)


def later_meetings(resolution: Any, group_id: int) -> list[tuple[str, str]]:
    """The meetings of the group that could have followed up on a resolution, the nearest first."""
    select = (
        sa.select(Meeting.slug, Meeting.title)
        .where(Meeting.group_id == group_id, Meeting.starts_on > resolution.starts_on)
        .order_by(Meeting.starts_on, Meeting.id)
        .limit(MOST_MEETINGS)
    )
    return [(row.slug, row.title) for row in db.session.execute(select)]
