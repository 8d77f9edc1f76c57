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


class Answer(StrEnum):
    GOING = "going"
    NOT_GOING = "not_going"


def searchable(title: str, place: str = "", host: str = "") -> str:
    """What a search looks through: title, place and host, without case and diacritics."""
    return fold(f"{title} {place} {host}")


def _searchable(context: Any) -> str:
    """Holds for every insert, in bulk too."""
    given = context.get_current_parameters()
    return searchable(given["title"], given.get("place", ""), given.get("host", ""))


class Event(Base):
    """The wall time and the zone are what was promised; `starts_at` and `ends_at` are derived from them."""

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("uq_events_once", "once", unique=True),
        # `ends_at` last: the list of what is to come skips what is over without reading its rows.
        sa.Index("ix_events_order", "starts_at", "id", "ends_at"),
        sa.Index("ix_events_country", "country", "starts_at", "id", "ends_at"),
        sa.Index("ix_events_group", "group_id", "starts_at", "id"),
        sa.CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)", name="seats"),
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
    capacity: Mapped[int | None]  # null: no limit
    seats_taken: Mapped[int] = mapped_column(default=0)
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
    """What a member answered."""

    __tablename__ = "attendances"
    __table_args__ = (sa.Index("ix_attendances_event", "event_id", "answer", "answered_at", "account_id"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[Answer] = mapped_column(one_of(Answer, "answer"))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
