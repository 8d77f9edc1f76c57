"""What is asked about events and answers to them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import there_is
from alumni.core.paging import Key
from alumni.core.ready import Ready, from_now, ready
from alumni.core.text import fold
from alumni.core.viewer import GUEST, Viewer
from alumni.events import policy
from alumni.events.models import COMING, Attendance, AttendanceState, Event, EventState, Mode
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState, Tenure
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing

LONGEST = timedelta(days=60)  # an event; so what is to come or running began no longer ago
LINK_OPENS = timedelta(minutes=30)  # before the start
CALENDAR_BACK = timedelta(days=365)  # how far back a calendar reaches
CALENDAR_MOST = 500  # events in one calendar

SOONEST_FIRST = (Key(Event.starts_at, "starts_at"), Key(Event.id, "id"))
LATEST_FIRST = (Key(Event.starts_at, "starts_at", descending=True), Key(Event.id, "id", descending=True))
FIRST_TO_ANSWER = (Key(Attendance.answered_at, "answered_at"), Key(Attendance.account_id, "account_id"))

_ROW = (
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
    Group.slug.label("group_slug"),
    Group.name.label("group_name"),
)
_MORE = (
    Event.description,
    Event.cancelled_because,
    Event.source,
    Event.revision,
    Event.created_at,
    Event.updated_at,
)


_ANSWERING = (
    Event.waiting,
    Event.online_waiting,
    Event.most_guests,
    Event.needs_approval,
    Event.is_by_invitation,
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
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What one looks for. Empty: not asked."""

    when: str = "upcoming"  # or "past"
    q: str = ""
    country: str = ""
    mode: str = ""
    group: str = ""  # slug


def events_in_time(viewer: Viewer, *, when: str, country: str = "", mode: str = "", group: str = "") -> sa.Select[Any]:
    select = sa.select(*_ROW).outerjoin_from(Event, Group, Group.id == Event.group_id)
    select = select.where(policy.visible_to(viewer), _past() if when == "past" else _upcoming())
    if country:
        select = select.where(Event.country == country)
    if mode:
        select = select.where(Event.mode == mode)
    if group:
        select = select.where(Event.group_id == sa.select(Group.id).where(Group.slug == group).scalar_subquery())
    return select


_ready_events = ready(shape=("when",))(events_in_time)


def find_events(viewer: Viewer, filters: Filters) -> sa.Select[Any] | Ready:
    """Those of them that fit the filters; all the words must stand in title, place or host."""
    asked = {"when": filters.when, "country": filters.country, "mode": filters.mode, "group": filters.group}
    words = fold(filters.q).split()[:8]
    if not words:
        return _ready_events(viewer, **asked)
    return events_in_time(viewer, **asked).where(*(Event.search_text.contains(word, autoescape=True) for word in words))


def _upcoming() -> sa.ColumnElement[bool]:
    return sa.and_(Event.ends_at >= from_now(), Event.starts_at >= from_now(-LONGEST))


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
            *_ROW,
            *_MORE,
            *_ANSWERING,
            *_MINE,
            _online_url(),
            sa.and_(Event.online_url != "").label("has_online_url"),
            policy.inside(viewer).label("is_inside"),
            policy.run_by(viewer).label("may_decide"),
            policy.editable_by(viewer).label("may_edit"),
            policy.answerable_by(viewer).label("may_answer"),
        )
        .outerjoin_from(Event, Group, Group.id == Event.group_id)
        .outerjoin(Attendance, _is_mine(viewer))
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
        .outerjoin_from(Event, Attendance, _is_mine(viewer))
        .where(sa.or_(is_visible, Attendance.state.in_(COMING)), Event.slug == slug)
    )


def _is_mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(Attendance.event_id == Event.id, Attendance.account_id == viewer.id)


def _online_url() -> sa.Label[str]:
    """The link, for whoever is going, from half an hour before; at a hybrid event for those who take part online."""
    is_theirs = sa.and_(
        Attendance.state == AttendanceState.GOING,
        sa.or_(Event.mode != Mode.HYBRID, Attendance.is_online),
        Event.starts_at <= from_now(LINK_OPENS),
    )
    return sa.case((is_theirs, Event.online_url), else_="").label("online_url")


@ready()
def place_in_line(_viewer: Viewer, *, event_id: int, is_online: bool, line_no: int) -> sa.Select[Any]:
    """How many stand in this line up to this number."""
    return sa.select(sa.func.count()).where(
        Attendance.event_id == event_id, Attendance.is_online == is_online, Attendance.line_no <= line_no
    )


@ready()
def attendees(viewer: Viewer, *, event_id: int) -> sa.Select[Any]:
    """Who is going, for those inside: by the listing for the group if they are in it, else for members.

    Whoever has no such listing holds a seat and is not named, nor is who sees the event no longer. Those blocked are
    left out, but not for who runs it.
    """
    shares_the_group = (
        sa.exists()
        .where(
            Membership.group_id == sa.select(Event.group_id).where(Event.id == event_id).scalar_subquery(),
            Membership.account_id == Attendance.account_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(Attendance)
    )
    listed = sa.or_(
        sa.and_(Listing.audience == Audience.GROUPS, shares_the_group),
        sa.and_(Listing.audience == Audience.MEMBERS, sa.not_(shares_the_group)),
    )
    return (
        sa.select(
            Attendance.account_id,
            Attendance.answered_at,
            Listing.handle,
            Listing.name,
            Listing.name_romanised,
            Listing.picture,
            Listing.country,
            Listing.headline,
        )
        .join(Listing, sa.and_(Listing.account_id == Attendance.account_id, listed))
        .join(Account, Account.id == Attendance.account_id)
        .where(
            Attendance.event_id == event_id,
            Attendance.state == AttendanceState.GOING,
            there_is(Event, Event.id == event_id, policy.visible_to(Account)),
            there_is(Event, Event.id == event_id, policy.inside(viewer)),
            sa.or_(
                there_is(Event, Event.id == event_id, policy.run_by(viewer)),
                sa.not_(members_policy.is_blocked_either_way(viewer.id, Attendance.account_id)),
            ),
        )
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
        select = sa.select(*_ROW).outerjoin_from(Event, Group, Group.id == Event.group_id)
        return select.where(policy.visible_to(viewer), Event.posted_by_id == viewer.id)
    when = "past" if show == "past" else "upcoming"
    states = (AttendanceState.GOING,) if show == "past" else COMING
    mine = sa.and_(_is_mine(viewer), Attendance.state.in_(states))
    return events_in_time(viewer, when=when).join(Attendance, mine)


def calendar_of_event(viewer: Viewer) -> sa.Select[Any]:
    """One event as a calendar needs it; the online link only for whoever is going."""
    return (
        sa.select(*_ROW, *_MORE, _online_url())
        .outerjoin_from(Event, Group, Group.id == Event.group_id)
        .outerjoin(Attendance, _is_mine(viewer))
        .where(policy.visible_to(viewer))
    )


def calendar(viewer: Viewer, *, group_id: int | None = None) -> sa.Select[Any]:
    """Events of the last year and to come, cancelled ones too, so that calendars learn of it."""
    select = (
        calendar_of_event(viewer)
        .where(Event.starts_at >= clock.now() - CALENDAR_BACK, Event.state != EventState.PROPOSED)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(CALENDAR_MOST)
    )
    return select if group_id is None else select.where(Event.group_id == group_id)


def public_calendar() -> sa.Select[Any]:
    """What anybody sees: this calendar is the same for all."""
    return calendar(GUEST)


def ids_of_coming(event_id: int) -> sa.Select[tuple[int]]:
    """Who is going, waits or may come, and still sees the event."""
    return (
        sa.select(Attendance.account_id)
        .join(Event, Event.id == Attendance.event_id)
        .join(Account, Account.id == Attendance.account_id)
        .where(Event.id == event_id, Attendance.state.in_(COMING), policy.visible_to(Account))
    )


def ids_of_organisers(group_id: int) -> sa.Select[tuple[int]]:
    """Organisers of the group itself whose term runs."""
    return sa.select(Tenure.account_id).where(Tenure.group_id == group_id, groups_policy.is_organiser()).distinct()
