"""The register of a group: what it did in a year, for everybody who sees the group."""

from typing import Any

import sqlalchemy as sa

from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.meetings import policy
from alumni.meetings.models import Meeting, Resolution, Seat
from alumni.meetings.queries.meetings import NO_NUMBER, known_groups, plain

MOST_YEARS = 200
MOST_ENTRIES = 500
_EMPTY = sa.literal("")


@ready()
def register_years(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """The years of which the register says something, the newest first."""
    meetings = sa.select(_year(Meeting.starts_on).label("year")).where(
        sa.or_(Meeting.group_id == group_id, Meeting.host_id == group_id), policy.visible_to(viewer)
    )
    resolutions = sa.select(_year(Resolution.adopted_on)).where(
        Resolution.group_id == group_id, policy.resolution_visible_to(viewer)
    )
    seats = sa.select(_year(Seat.from_on)).where(sa.or_(Seat.group_id == group_id, Seat.association_id == group_id))
    years = sa.union(meetings, resolutions, seats).subquery()
    return sa.select(years.c.year).order_by(years.c.year.desc()).limit(MOST_YEARS)


@ready()
def register_of(viewer: Viewer, *, group_id: int, year: str, next_year: str) -> sa.Select[Any]:
    """The meetings, resolutions and new seats of one year (`part` says which), in the order of their days."""
    parts = (each(viewer, group_id, year, next_year) for each in (_meetings_of, _resolutions_of, _seats_of))
    entries = sa.union_all(*parts).subquery()
    return (
        sa.select(entries).order_by(entries.c.on, entries.c.part, entries.c.count, entries.c.slug).limit(MOST_ENTRIES)
    )


def _meetings_of(viewer: Viewer, group_id: int, year: str, next_year: str) -> sa.Select[Any]:
    """Those it held or hosted. The names of its columns are those of the register."""
    host = known_groups(viewer)
    return (
        sa.select(
            sa.literal("meeting").label("part"),
            Meeting.starts_on.label("on"),
            Meeting.ends_on.label("until"),
            Meeting.slug.label("slug"),
            Meeting.title.label("title"),
            Group.slug.label("group_slug"),
            host.c.name.label("name"),
            host.c.slug.label("name_slug"),
            Meeting.host.label("words"),
            Meeting.place.label("place"),
            Meeting.country.label("country"),
            Meeting.attended.label("count"),
            plain(Meeting.attended_bound).label("bound"),
            Meeting.attended_by.label("counted"),
            sa.case((Meeting.is_planned, "planned"), else_="").label("state"),
        )
        .join(Group, Group.id == Meeting.group_id)
        .outerjoin(host, host.c.id == Meeting.host_id)
        .where(
            sa.or_(Meeting.group_id == group_id, Meeting.host_id == group_id),
            *_within(Meeting.starts_on, year, next_year),
            groups_policy.visible_to(viewer),
        )
    )


def _resolutions_of(viewer: Viewer, group_id: int, year: str, next_year: str) -> sa.Select[Any]:
    """Those it adopted."""
    return (
        sa.select(
            sa.literal("resolution"),
            Resolution.adopted_on,
            _EMPTY,
            Resolution.slug,
            Resolution.title,
            Group.slug,
            _EMPTY,
            _EMPTY,
            _EMPTY,
            _EMPTY,
            _EMPTY,
            Resolution.number,
            _EMPTY,
            _EMPTY,
            plain(Resolution.state),
        )
        .join(Group, Group.id == Resolution.group_id)
        .where(
            Resolution.group_id == group_id,
            *_within(Resolution.adopted_on, year, next_year),
            groups_policy.visible_to(viewer),
        )
    )


def _seats_of(viewer: Viewer, group_id: int, year: str, next_year: str) -> sa.Select[Any]:
    """Those in its council, and those it sits in."""
    council, sitting = known_groups(viewer), known_groups(viewer)
    return (
        sa.select(
            sa.literal("seat"),
            Seat.from_on,
            Seat.to_on,
            Seat.slug,
            Seat.name,
            council.c.slug,
            sitting.c.name,
            sitting.c.slug,
            Seat.council,
            _EMPTY,
            _EMPTY,
            NO_NUMBER,
            _EMPTY,
            _EMPTY,
            _EMPTY,
        )
        .join(council, council.c.id == Seat.group_id)
        .join(sitting, sitting.c.id == Seat.association_id)
        .where(
            sa.or_(Seat.group_id == group_id, Seat.association_id == group_id),
            *_within(Seat.from_on, year, next_year),
        )
    )


def _year(day: Any) -> Any:
    return sa.func.substr(day, 1, 4)


def _within(day: Any, year: str, next_year: str) -> tuple[Any, Any]:
    """Dates are text, so a year is a range of it."""
    return day >= year, day < next_year
