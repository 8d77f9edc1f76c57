"""What is asked about events and answers to them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.ready import Ready, from_now, ready
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.events import policy
from alumni.events.models import (
    COMING,
    Attendance,
    AttendanceState,
    Event,
    EventAudience,
    EventHost,
    EventState,
    HostState,
    Mode,
    Precision,
    Series,
)
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.members.models import Member, Participation
from alumni.programmes.models import Cohort

LONGEST = timedelta(days=60)  # an event; so what is to come or running began no longer ago
LINK_OPENS = timedelta(minutes=30)  # before the start
MOST_OF_MONTH = 500
MOST_NEAR = 5

SOONEST_FIRST = (Key(Event.starts_at, "starts_at"), Key(Event.id, "id"))
LATEST_FIRST = (Key(Event.starts_at, "starts_at", descending=True), Key(Event.id, "id", descending=True))

ROW = (
    Event.id,
    Event.slug,
    Event.title,
    Event.kind,
    Event.mode,
    Event.place,
    Event.country,
    Event.wall_start,
    Event.wall_end,
    Event.zone,
    Event.starts_at,
    Event.ends_at,
    Event.precision,
    Event.capacity,
    Event.seats_taken,
    Event.online_capacity,
    Event.online_taken,
    Event.audience,
    Event.state,
    Event.host,
    Event.attended,
    Event.attended_bound,
    Event.attended_by,
    Event.series_key,
    Group.slug.label("group_slug"),
    Group.name.label("group_name"),
)
MORE = (
    Event.once.label("key"),
    Event.description,
    Event.cancelled_because,
    Event.source,
    Event.revision,
    Event.created_at,
    Event.updated_at,
    Event.series_start,
    Event.co_hosts,
    sa.select(Series.zone).where(Series.key == Event.series_key).scalar_subquery().label("series_zone"),
)


_ANSWERING = (
    Event.waiting,
    Event.online_waiting,
    Event.most_guests,
    Event.needs_approval,
    Event.is_by_invitation,
    Event.takes_visitors,
    Event.answers_from,
    Event.answers_until,
    Event.asks,
    Event.replies_until,
)
_MINE = (
    Attendance.state.label("my_state"),
    Attendance.is_online.label("my_is_online"),
    Attendance.party.label("my_party"),
    Attendance.guests.label("my_guests"),
    Attendance.line_no.label("my_line_no"),
    Attendance.offered_until.label("my_offered_until"),
    (Attendance.asked_again_at > Attendance.answered_at).label("my_is_asked_again"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What one looks for. Empty: not asked."""

    when: str = "upcoming"  # or "past"
    q: str = ""
    country: str = ""
    mode: str = ""
    group: str = ""  # slug
    kind: str = ""


def events_in_time(
    viewer: Viewer, *, when: str, country: str = "", mode: str = "", group: str = "", kind: str = ""
) -> sa.Select[Any]:
    """What was (`past`), is to come with each date of a series (`dates`), or with the next of each (`upcoming`)."""
    select = sa.select(*ROW).outerjoin_from(Event, Group, Group.id == Event.group_id)
    select = select.where(policy.visible_to(viewer), _past() if when == "past" else _upcoming())
    if when == "upcoming":
        select = select.where(_is_next_of_series())
    if country:
        select = select.where(Event.country == country)
    if mode:
        select = select.where(Event.mode == mode)
    if kind:
        select = select.where(Event.kind == kind)
    if group:
        select = select.where(Event.group_id == sa.select(Group.id).where(Group.slug == group).scalar_subquery())
    return select


def events_of_month(viewer: Viewer, first: date) -> sa.Select[Any]:
    """What begins in a month, by the day of its own place; the soonest first, at most `MOST_OF_MONTH`."""
    after = (first + timedelta(days=31)).replace(day=1)
    begins, ends = (datetime(on.year, on.month, 1) for on in (first, after))  # noqa: DTZ001 - wall times
    around = timedelta(days=1)  # no zone is further from UTC
    return (
        sa.select(*ROW)
        .outerjoin_from(Event, Group, Group.id == Event.group_id)
        .where(
            policy.visible_to(viewer),
            Event.starts_at >= begins.replace(tzinfo=UTC) - around,
            Event.starts_at < ends.replace(tzinfo=UTC) + around,
            Event.wall_start >= begins,
            Event.wall_start < ends,
            Event.precision.in_((Precision.MINUTE, Precision.DAY)),
        )
        .order_by(Event.wall_start, Event.id)
        .limit(MOST_OF_MONTH)
    )


_ready_events = ready(shape=("when",))(events_in_time)


def find_events(viewer: Viewer, filters: Filters) -> sa.Select[Any] | Ready:
    """Those of them that fit the filters; all the words must stand in title, place or host."""
    asked = {name: getattr(filters, name) for name in ("when", "country", "mode", "group", "kind")}
    words = fold(filters.q).split()[:8]
    holds_with_others = bool(filters.group) and has_hosted(filters.group)
    if not words and not holds_with_others:
        return _ready_events(viewer, **asked)
    if holds_with_others:
        group = sa.select(Group.id).where(Group.slug == asked.pop("group")).scalar_subquery()
        select = events_in_time(viewer, **asked).where(Event.id.in_(held_by(group)))
    else:
        select = events_in_time(viewer, **asked)
    return select.where(*(Event.search_text.contains(word, autoescape=True) for word in words))


def has_hosted(group: str) -> bool:
    """Whether a group, by its slug, holds any event with another."""
    mine = sa.select(Group.id).where(Group.slug == group).scalar_subquery()
    one = sa.select(sa.true()).where(EventHost.group_id == mine, EventHost.state == HostState.AGREED).limit(1)
    return bool(db.session.scalar(one))


def held_by(group_id: Any) -> sa.Select[tuple[int]]:
    """The ids of the events of a group and of those that it holds with another."""
    own = sa.select(Event.id).where(Event.group_id == group_id)
    with_others = sa.select(EventHost.event_id).where(
        EventHost.group_id == group_id, EventHost.state == HostState.AGREED
    )
    return sa.select(sa.union_all(own, with_others).subquery().c.id)


def _upcoming() -> sa.ColumnElement[bool]:
    return sa.and_(Event.ends_at >= from_now(), Event.starts_at >= from_now(-LONGEST))


@ready()
def events_near(viewer: Viewer) -> sa.Select[Any]:
    """The next few in the viewer's country, of their groups, and of programmes in which they took part.

    Each of them is a short walk along an index, however many events there are; whether the viewer may see what was
    found is asked of those few alone.
    """
    my_country = sa.select(Member.country).where(Member.account_id == viewer.id, Member.country != "").scalar_subquery()
    i_am_in = sa.and_(Membership.account_id == viewer.id, Membership.state == MembershipState.ACTIVE)
    i_took_part = sa.and_(Participation.account_id == viewer.id, members_policy.counts())
    of_programme = sa.select(Event.id).select_from(Participation)
    of_groups = of_programme.join(Group, Group.programme_id == Participation.programme_id)
    of_cohorts = of_programme.join(Cohort, Cohort.programme_id == Participation.programme_id)
    of_cohorts = of_cohorts.join(Group, Group.cohort_id == Cohort.id)
    walks = (
        sa.select(Event.id).where(_for_many(), Event.country == my_country),
        sa.select(Event.id).join(Membership, Membership.group_id == Event.group_id).where(i_am_in),
        of_programme.join(Event, Event.programme_id == Participation.programme_id).where(_for_many(), i_took_part),
        of_groups.join(Event, Event.group_id == Group.id).where(_for_many(), i_took_part),
        of_cohorts.join(Event, Event.group_id == Group.id).where(_for_many(), i_took_part),
    )
    found = sa.union(*(sa.select(_soonest(walk).subquery().c.id) for walk in walks))
    upcoming = events_in_time(viewer, when="upcoming").where(Event.id.in_(found))
    return upcoming.order_by(Event.starts_at, Event.id).limit(MOST_NEAR)


def _for_many() -> sa.ColumnElement[bool]:
    return Event.audience != EventAudience.GROUP


def _soonest(walk: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    """The first of a walk that take place, with some to spare for those that the viewer does not see."""
    takes_place = sa.and_(_upcoming(), _is_next_of_series(), Event.state == EventState.PUBLISHED)
    return walk.where(takes_place, Event.hidden_at.is_(None)).order_by(Event.starts_at, Event.id).limit(4 * MOST_NEAR)


def _is_next_of_series() -> sa.ColumnElement[bool]:
    """No date of the same series that takes place comes before it: a weekly evening would fill every day of a list."""
    earlier = aliased(Event)
    comes_before = there_is(
        earlier,
        earlier.series_key == Event.series_key,
        earlier.starts_at < Event.starts_at,
        earlier.ends_at >= from_now(),
        earlier.state == EventState.PUBLISHED,
        earlier.hidden_at.is_(None),
    )
    return sa.or_(Event.series_key.is_(None), sa.not_(comes_before))


def dates_of_series(viewer: Viewer, key: str) -> sa.Select[Any]:
    """The dates of a series that the viewer sees, the first first, and what they have said to each."""
    return (
        sa.select(
            *ROW, Attendance.state.label("my_state"), Event.asks, policy.answerable_by(viewer).label("may_answer")
        )
        .outerjoin_from(Event, Group, Group.id == Event.group_id)
        .outerjoin(Attendance, is_mine(viewer))
        .where(policy.visible_to(viewer), Event.series_key == key)
        .order_by(Event.starts_at, Event.id)
    )


def _past() -> sa.ColumnElement[bool]:
    is_over = sa.or_(Event.ends_at < from_now(), Event.starts_at < from_now(-LONGEST))
    return sa.and_(Event.starts_at < from_now(), is_over)


def order(when: str) -> tuple[Key, Key]:
    """Keys of a list of events: the next first, or the latest first."""
    return LATEST_FIRST if when == "past" else SOONEST_FIRST


def visible_events(viewer: Viewer) -> sa.Select[tuple[Event]]:
    """Whole events, for changing them."""
    return sa.select(Event).where(policy.visible_to(viewer))


@ready()
def event_page(viewer: Viewer, *, slug: str) -> sa.Select[Any]:
    """All that the page of an event says, how the viewer stands to it and what they may do there, in one row."""
    return (
        sa.select(
            *ROW,
            *MORE,
            *_ANSWERING,
            *_MINE,
            online_url(),
            sa.and_(Event.online_url != "").label("has_online_url"),
            policy.inside(viewer).label("is_inside"),
            policy.run_by(viewer).label("may_decide"),
            policy.editable_by(viewer).label("may_edit"),
            policy.answerable_by(viewer).label("may_answer"),
            (Event.posted_by_id == viewer.id).label("is_mine"),
        )
        .outerjoin_from(Event, Group, Group.id == Event.group_id)
        .outerjoin(Attendance, is_mine(viewer))
        .where(policy.visible_to(viewer), Event.slug == slug)
    )


@ready()
def event_to_answer(viewer: Viewer, *, slug: str) -> sa.Select[Any]:
    """What answering needs: how the event stands, how the viewer stands to it, and whether they may answer.

    Whoever holds something finds it also when they see the event no longer, to give it back.
    """
    is_visible = policy.visible_to(viewer)
    return (
        sa.select(
            Event.id,
            Event.slug,
            Event.title,
            Event.state,
            Event.mode,
            Event.starts_at,
            Event.ends_at,
            Event.hidden_at,
            Event.place,
            Event.zone,
            *_ANSWERING,
            *_MINE,
            is_visible.label("is_visible"),
            policy.answerable_by(viewer).label("may_answer"),
        )
        .outerjoin_from(Event, Attendance, is_mine(viewer))
        .where(sa.or_(is_visible, Attendance.state.in_(COMING)), Event.slug == slug)
    )


def is_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(Attendance.event_id == Event.id, Attendance.account_id == viewer.id)


def online_url() -> sa.Label[str]:
    """The link, for whoever is going, from half an hour before; at a hybrid event for those who take part online."""
    is_theirs = sa.and_(
        Attendance.state == AttendanceState.GOING,
        sa.or_(Event.mode != Mode.HYBRID, Attendance.is_online),
        Event.starts_at <= from_now(LINK_OPENS),
    )
    return sa.case((is_theirs, Event.online_url), else_="").label("online_url")


def address_of(viewer: Viewer, key: str) -> str | None:
    """The page to which a short address leads, if the viewer sees it."""
    return db.session.scalar(sa.select(Event.slug).where(policy.visible_to(viewer), Event.once == key))


def earlier_events(viewer: Viewer, group_id: int) -> sa.Select[Any]:
    """The latest of a group that somebody who may change them could post again."""
    return (
        sa.select(Event.slug, Event.title, Event.wall_start)
        .where(Event.group_id == group_id, Event.precision == Precision.MINUTE, policy.visible_to(viewer))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(5)
    )


def groups_to_post_in(viewer: Viewer) -> sa.Select[Any]:
    """Groups in which the viewer takes part or which they run, by name."""
    return (
        sa.select(Group.id, Group.slug, Group.name, Group.country)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == viewer.id, policy.postable_by(viewer))
        .order_by(Group.sort_key, Group.id)
        .limit(200)
    )


def my_events(viewer: Viewer, *, show: str) -> sa.Select[Any]:
    """Events the viewer is `going` to, `past` ones they went to, or the ones they `posted`."""
    if show == "posted":
        select = sa.select(*ROW).outerjoin_from(Event, Group, Group.id == Event.group_id)
        return select.where(policy.visible_to(viewer), Event.posted_by_id == viewer.id)
    when = "past" if show == "past" else "dates"
    states = (AttendanceState.GOING,) if show == "past" else COMING
    mine = sa.and_(is_mine(viewer), Attendance.state.in_(states))
    return events_in_time(viewer, when=when).join(Attendance, mine)
