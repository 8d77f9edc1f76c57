"""What an event is, and an answer to it."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, WallTime, one_of
from alumni.core.text import fold
from alumni.programmes.models import Bound


class EventState(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    REUNION = "reunion"
    REPORTING = "reporting"
    SEMINAR = "seminar"
    FAIR = "fair"
    CONFERENCE = "conference"
    COURTESY = "courtesy"
    SPORTS = "sports"
    CULTURE = "culture"
    TRAINING = "training"
    VISIT = "visit"
    MEETING = "meeting"


class Mode(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class EventAudience(StrEnum):
    PUBLIC = "public"
    MEMBERS = "members"
    GROUP = "group"


class Precision(StrEnum):
    """How exactly the source dates a past event."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


KNOWN_AS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}  # a date as exactly as known


class Answer(StrEnum):
    """What one may say."""

    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"


class AttendanceState(StrEnum):
    """What came of it."""

    GOING = "going"  # holds seats
    MAYBE = "maybe"
    NOT_GOING = "not_going"
    WAITING = "waiting"  # in line for seats
    OFFERED = "offered"  # seats are held until a moment
    PENDING = "pending"  # an organiser decides
    DECLINED = "declined"  # an organiser said no


HOLDS_SEATS = (AttendanceState.GOING, AttendanceState.OFFERED)
COMING = (*HOLDS_SEATS, AttendanceState.MAYBE, AttendanceState.WAITING, AttendanceState.PENDING)


def searchable(title: str, place: str = "", host: str = "") -> str:
    """What a search looks through: title, place and host, without case and diacritics."""
    return fold(f"{title} {place} {host}")


def _searchable(context: Any) -> str:
    """Holds for every insert, in bulk too."""
    given = context.get_current_parameters()
    return searchable(given["title"], given.get("place", ""), given.get("host", ""))


class Series(Base):
    """How events repeat. Each date is an event of its own, with its own answers."""

    __tablename__ = "event_series"

    key: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(200))  # RRULE of RFC 5545 with a COUNT; empty: days chosen by hand
    wall_start: Mapped[datetime] = mapped_column(WallTime)  # of the first date
    zone: Mapped[str] = mapped_column(sa.String(64))
    posted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)


class Event(Base):
    """The wall time and the zone are what was promised; `starts_at` and `ends_at` are derived from them."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("uq_events_once", "once", unique=True),
        # `ends_at` last: the list of what is to come skips what is over without reading its rows.
        sa.Index("ix_events_order", "starts_at", "id", "ends_at"),
        sa.Index("ix_events_country", "country", "starts_at", "id", "ends_at"),
        sa.Index("ix_events_group", "group_id", "starts_at", "id"),
        sa.Index("uq_events_series", "series_key", "series_start", unique=True),
        sa.CheckConstraint("(series_key IS NULL) = (series_start IS NULL)", name="series"),
        sa.CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)", name="seats"),
        sa.CheckConstraint("online_capacity IS NULL OR online_capacity > 0", name="online_capacity"),
        sa.CheckConstraint(
            "online_taken >= 0 AND (online_capacity IS NULL OR online_taken <= online_capacity)", name="online_seats"
        ),
        sa.CheckConstraint("waiting >= 0 AND online_waiting >= 0", name="waiting"),
        sa.CheckConstraint("most_guests BETWEEN 0 AND 9", name="most_guests"),
        sa.CheckConstraint("answers_until > answers_from", name="window"),
        sa.CheckConstraint("group_id IS NOT NULL OR audience = 'public'", name="group_or_public"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    once: Mapped[str | None] = mapped_column(sa.String(16))  # of the form that made it
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="SET NULL"), index=True)
    host: Mapped[str] = mapped_column(sa.String(200), default="")  # who held it, where it is no group
    title: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    search_text: Mapped[str] = mapped_column(sa.Text, default=_searchable)
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind, "kind"), default=EventKind.REUNION)
    mode: Mapped[Mode | None] = mapped_column(one_of(Mode, "mode"))  # null: the source does not say
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    online_url: Mapped[str] = mapped_column(sa.String(500), default="")  # only for those who are going
    wall_start: Mapped[datetime] = mapped_column(WallTime)
    wall_end: Mapped[datetime] = mapped_column(WallTime)
    zone: Mapped[str] = mapped_column(sa.String(64))  # IANA
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    precision: Mapped[Precision] = mapped_column(one_of(Precision, "precision"), default=Precision.MINUTE)
    series_key: Mapped[str | None] = mapped_column(sa.ForeignKey("event_series.key", ondelete="RESTRICT"))
    series_start: Mapped[datetime | None] = mapped_column(WallTime)  # as its series has it: RECURRENCE-ID
    capacity: Mapped[int | None]  # null: no limit
    seats_taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)  # how many stand in line, each alone or with guests
    online_capacity: Mapped[int | None]  # of a hybrid event; the other three are of the room, or of all there is
    online_taken: Mapped[int] = mapped_column(default=0)
    online_waiting: Mapped[int] = mapped_column(default=0)
    line: Mapped[int] = mapped_column(default=0)  # the last number that was given to somebody in line
    takes_visitors: Mapped[bool] = mapped_column(default=False)  # people without an account may come
    co_hosts: Mapped[int] = mapped_column(default=0)  # groups that have agreed to hold it too
    gives_at_once: Mapped[bool] = mapped_column(default=False)  # a freed seat is given, not offered
    lets_small_ahead: Mapped[bool] = mapped_column(default=True)  # of a party for which there are too few seats
    most_guests: Mapped[int] = mapped_column(default=0)  # that one person brings
    needs_approval: Mapped[bool] = mapped_column(default=False)
    is_by_invitation: Mapped[bool] = mapped_column(default=False)
    answers_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asks: Mapped[bool] = mapped_column(default=False)  # something of those who come
    replies_until: Mapped[str | None] = mapped_column(sa.String(10))  # the last day on which what they said is kept
    audience: Mapped[EventAudience] = mapped_column(one_of(EventAudience, "audience"), default=EventAudience.GROUP)
    state: Mapped[EventState] = mapped_column(one_of(EventState, "state"), default=EventState.PUBLISHED)
    cancelled_because: Mapped[str] = mapped_column(sa.Text, default="")
    posted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    revision: Mapped[int] = mapped_column(default=0)  # SEQUENCE of RFC 5545
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Past meetings of the catalogue, as their source has them.
    attended: Mapped[int | None]
    attended_bound: Mapped[Bound | None] = mapped_column(one_of(Bound, "attended_bound"))
    attended_by: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.Text, default="")


def last_day(event: Any) -> date:
    """The last day of an event that is dated by days; midnight ends the day before."""
    is_midnight = event.wall_end > event.wall_start and event.wall_end.time() == time()
    end: datetime = event.wall_end - timedelta(seconds=is_midnight)
    return end.date()


class Attendance(Base):
    """How a member stands to an event. Whatever changes it holds the row of the event first."""

    __tablename__ = "attendances"
    __table_args__ = (
        sa.Index("ix_attendances_event", "event_id", "state", "answered_at", "account_id"),
        sa.Index(
            "ix_attendances_line",
            *("event_id", "is_online", "line_no"),
            sqlite_where=sa.text("line_no IS NOT NULL"),
            postgresql_where=sa.text("line_no IS NOT NULL"),
        ),
        sa.Index(
            "ix_attendances_offers",
            "offered_until",
            sqlite_where=sa.text("offered_until IS NOT NULL"),
            postgresql_where=sa.text("offered_until IS NOT NULL"),
        ),
        sa.CheckConstraint("party BETWEEN 1 AND 10", name="party"),
        sa.CheckConstraint("(state = 'waiting') = (line_no IS NOT NULL)", name="in_line"),
        sa.CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer_ends"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[AttendanceState] = mapped_column(one_of(AttendanceState, "state"))
    is_online: Mapped[bool] = mapped_column(default=False)  # at a hybrid event
    party: Mapped[int] = mapped_column(default=1)  # oneself and one's guests
    guests: Mapped[str] = mapped_column(sa.Text, default="")  # their names, one a line
    line_no: Mapped[int | None]
    offered_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    # When time or place became another, and they were asked whether they still come: open while later than the answer.
    asked_again_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CalendarFeed(Base):
    """The secret address of somebody's own calendar. The secret is in no table: whoever lost it makes a new one."""

    __tablename__ = "calendar_feeds"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class EventInvitation(Base):
    """Who may answer an event that is by invitation."""

    __tablename__ = "event_invitations"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class HostState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


class EventHost(Base):
    """A group that is asked to hold an event together with the group that posted it."""

    __tablename__ = "event_hosts"
    __table_args__ = (sa.Index("ix_event_hosts_group", "group_id", "state", "event_id"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[HostState] = mapped_column(one_of(HostState, "state"), default=HostState.ASKED)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
