"""Meetings of a group, and everything that belongs to one."""

from typing import Any

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.meetings import policy
from alumni.meetings.models import Delegation, FollowUp, Meeting, Minutes, Resolution, Series

BY_DATE = (Key(Meeting.starts_on, "starts_on", True), Key(Meeting.id, "id", True))
MOST_PARTS = 300  # delegations and resolutions of one meeting
NO_NUMBER = sa.cast(sa.null(), sa.Integer())


def known_groups(viewer: Viewer) -> Any:
    """The groups that the viewer may know of, to name them in a row: join it from outside."""
    return (
        sa.select(Group.id, Group.slug, Group.name, Group.abbr)
        .where(groups_policy.visible_to(viewer))
        .subquery()
        .alias()
    )


def plain(column: Any) -> Any:
    """A word of a list as text, so that the parts of a union agree."""
    return sa.type_coerce(column, sa.String())


def _columns(host: Any) -> tuple[Any, ...]:
    return (
        Meeting.id,
        Meeting.slug,
        Meeting.number,
        Meeting.title,
        Meeting.starts_on,
        Meeting.ends_on,
        Meeting.host,
        Meeting.country,
        Meeting.place,
        Meeting.is_planned,
        Meeting.attended,
        Meeting.attended_bound,
        Meeting.attended_by,
        host.c.slug.label("host_slug"),
        host.c.name.label("host_name"),
        host.c.abbr.label("host_abbr"),
        Group.slug.label("group_slug"),
        Group.name.label("group_name"),
        Group.abbr.label("group_abbr"),
        Series.slug.label("series_slug"),
        Series.name.label("series_name"),
    )


@ready()
def meetings_of(viewer: Viewer, *, group_id: int, series: str = "") -> sa.Select[Any]:
    """The meetings of a group and those that it hosted, perhaps of one series. Page it by `BY_DATE`."""
    host = known_groups(viewer)
    select = (
        sa.select(*_columns(host))
        .join(Group, Group.id == Meeting.group_id)
        .outerjoin(host, host.c.id == Meeting.host_id)
        .outerjoin(Series, Series.id == Meeting.series_id)
        .where(
            sa.or_(Meeting.group_id == group_id, Meeting.host_id == group_id),
            groups_policy.visible_to(viewer),
        )
    )
    return select.where(Series.slug == series) if series else select


@ready()
def series_of(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """The series of a group, each with its last meeting and who hosts the next."""
    after = known_groups(viewer)
    last = (
        sa.select(Meeting.id)
        .where(Meeting.series_id == Series.id)
        .order_by(Meeting.starts_on.desc(), Meeting.id.desc())
        .limit(1)
        .correlate(Series)
        .scalar_subquery()
    )
    return (
        sa.select(
            Series.slug,
            Series.name,
            Meeting.slug.label("meeting_slug"),
            Meeting.title,
            Meeting.starts_on,
            Meeting.number,
            Meeting.next_country,
            after.c.slug.label("next_slug"),
            after.c.name.label("next_name"),
        )
        .outerjoin(Meeting, Meeting.id == last)
        .outerjoin(after, after.c.id == Meeting.next_host_id)
        .where(Series.group_id == group_id)
        .order_by(Series.name)
    )


def list_series(group_id: int) -> list[tuple[str, str]]:
    """The series of a group to choose from."""
    select = sa.select(Series.slug, Series.name).where(Series.group_id == group_id).order_by(Series.name)
    return [(row.slug, row.name) for row in db.session.execute(select)]


@ready()
def shown_meeting(viewer: Viewer, *, group_id: int, slug: str) -> sa.Select[Any]:
    """One meeting of a group, all that its page says in one row, with the minutes as far as the viewer reads them."""
    host, after = known_groups(viewer), known_groups(viewer)
    readable = sa.case((policy.reads_drafts(viewer), Meeting.minutes_version), else_=Meeting.published_version)
    more = (
        Meeting.theme,
        Meeting.note,
        Meeting.resolved,
        Meeting.resolved_bound,
        Meeting.next_country,
        Meeting.source,
        Meeting.event_slug,
        Meeting.minutes_version,
        Meeting.published_version,
        Meeting.host_id,
        after.c.slug.label("next_slug"),
        after.c.name.label("next_name"),
        Minutes.body.label("minutes"),
        Minutes.version.label("minutes_shown"),
        Minutes.written_at.label("minutes_written_at"),
    )
    return (
        sa.select(*_columns(host), *more)
        .join(Group, Group.id == Meeting.group_id)
        .outerjoin(host, host.c.id == Meeting.host_id)
        .outerjoin(after, after.c.id == Meeting.next_host_id)
        .outerjoin(Series, Series.id == Meeting.series_id)
        .outerjoin(Minutes, sa.and_(Minutes.meeting_id == Meeting.id, Minutes.version == readable))
        .where(Meeting.group_id == group_id, Meeting.slug == slug, groups_policy.visible_to(viewer))
    )


@ready()
def parts_of_meeting(viewer: Viewer, *, meeting_id: int) -> sa.Select[Any]:
    """Its delegations, its resolutions, and what it found had become of earlier ones (`part` says which), in order."""
    none, empty = NO_NUMBER, sa.literal("")
    delegations = sa.select(
        sa.literal("delegation").label("part"),
        sa.literal(0).label("place"),
        Delegation.country.label("key"),
        plain(Delegation.presence).label("state"),
        Delegation.head_count.label("count"),
        plain(Delegation.head_count_bound).label("bound"),
        Delegation.observers.label("observers"),
        empty.label("title"),
        empty.label("words"),
    ).where(Delegation.meeting_id == meeting_id)
    resolutions = sa.select(
        sa.literal("resolution"),
        Resolution.number,
        Resolution.slug,
        plain(Resolution.state),
        none,
        empty,
        none,
        Resolution.title,
        Resolution.adopted_on,
    ).where(Resolution.meeting_id == meeting_id)
    follow_ups = (
        sa.select(
            sa.literal("follow-up"),
            Resolution.number,
            Resolution.slug,
            plain(FollowUp.state),
            none,
            empty,
            none,
            Resolution.title,
            FollowUp.words,
        )
        .join(Resolution, Resolution.id == FollowUp.resolution_id)
        .where(FollowUp.meeting_id == meeting_id, policy.resolution_visible_to(viewer))
    )
    parts = sa.union_all(delegations, resolutions, follow_ups).subquery()
    return sa.select(parts).order_by(parts.c.part, parts.c.place, parts.c.key).limit(MOST_PARTS)


@ready()
def versions_of(_viewer: Viewer, *, meeting_id: int) -> sa.Select[Any]:
    """The versions of the minutes of a meeting, newest first: for those inside."""
    return (
        sa.select(Minutes.version, Minutes.change, Minutes.written_at)
        .where(Minutes.meeting_id == meeting_id)
        .order_by(Minutes.version.desc())
        .limit(MOST_PARTS)
    )


@ready()
def minutes_of(_viewer: Viewer, *, meeting_id: int, version: int) -> sa.Select[Any]:
    """One version of the minutes: for those inside."""
    return sa.select(Minutes.version, Minutes.body, Minutes.change, Minutes.written_at).where(
        Minutes.meeting_id == meeting_id, Minutes.version == version
    )
