"""What a group keeps on record. Dates are as exact as they are known: 2023-12-10, 2023-12 or 2023."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key
from alumni.programmes.models import Bound

MOST_PEOPLE = 100_000  # of a delegation, or at a meeting


class Presence(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"  # the source says so


class ResolutionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Series(Base):
    """Meetings of one kind that are counted, and hosted in turn: the Regional Leaders Forum."""

    __tablename__ = "meeting_series"
    __table_args__ = (sa.UniqueConstraint("group_id", "name", name="uq_meeting_series_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(sa.String(200))


class Meeting(Base):
    __tablename__ = "meetings"
    __table_args__ = (
        sa.Index("uq_meetings_number", "series_id", "number", unique=True),
        sa.Index("ix_meetings_newest", "group_id", "starts_on", "id"),
        sa.Index("ix_meetings_host", "host_id", "starts_on", "id"),
        sa.CheckConstraint("number IS NULL OR series_id IS NOT NULL", name="number_in_series"),
        sa.CheckConstraint("ends_on = '' OR substr(ends_on, 1, 4) >= substr(starts_on, 1, 4)", name="ends_after_start"),
        sa.CheckConstraint(f"attended IS NULL OR attended BETWEEN 0 AND {MOST_PEOPLE}", name="attended"),
        sa.CheckConstraint(
            "published_version IS NULL OR published_version BETWEEN 1 AND minutes_version", name="published_version"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"))
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_series.id", ondelete="RESTRICT"))
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(200))
    starts_on: Mapped[str] = mapped_column(sa.String(10))
    ends_on: Mapped[str] = mapped_column(sa.String(10), default="")
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"))
    host: Mapped[str] = mapped_column(sa.String(200), default="")  # who hosted it, where that is no group
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    theme: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    is_planned: Mapped[bool] = mapped_column(default=False)  # announced; whether it took place is not known
    attended: Mapped[int | None]
    attended_bound: Mapped[Bound | None] = mapped_column(one_of(Bound, "attended_bound"))
    attended_by: Mapped[str] = mapped_column(sa.Text, default="")  # who is counted
    # How many resolutions there were, where a source says that and not what they were.
    resolved: Mapped[int | None]
    resolved_bound: Mapped[Bound | None] = mapped_column(one_of(Bound, "resolved_bound"))
    next_host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    next_country: Mapped[str] = mapped_column(sa.String(2), default="")
    source: Mapped[str] = mapped_column(sa.Text, default="")
    event_slug: Mapped[str | None] = mapped_column(
        sa.ForeignKey("events.slug", ondelete="SET NULL", onupdate="CASCADE"), index=True
    )  # of the same days, in the list of events
    minutes_version: Mapped[int] = mapped_column(default=0)  # the last one that was written
    published_version: Mapped[int | None]  # the one that everybody reads
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Delegation(Base):
    """Who came from a country, or that nobody did."""

    __tablename__ = "delegations"
    __table_args__ = (
        sa.CheckConstraint(f"head_count IS NULL OR head_count BETWEEN 0 AND {MOST_PEOPLE}", name="head_count"),
        sa.CheckConstraint(f"observers IS NULL OR observers BETWEEN 0 AND {MOST_PEOPLE}", name="observers"),
        sa.CheckConstraint(
            "presence = 'present' OR (head_count IS NULL AND observers IS NULL)", name="absent_is_nobody"
        ),
    )

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    presence: Mapped[Presence] = mapped_column(one_of(Presence, "presence"), default=Presence.PRESENT)
    head_count: Mapped[int | None]
    head_count_bound: Mapped[Bound] = mapped_column(one_of(Bound, "head_count_bound"), default=Bound.EXACT)
    observers: Mapped[int | None]


class Minutes(Base):
    """One version of the minutes of a meeting. None is ever changed: what is corrected is a new one."""

    __tablename__ = "minutes"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(sa.Text)  # Markdown
    change: Mapped[str] = mapped_column(sa.String(200), default="")  # what is new in it
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Resolution(Base):
    __tablename__ = "resolutions"
    __table_args__ = (
        sa.Index("uq_resolutions_number", "meeting_id", "number", unique=True),
        sa.Index("ix_resolutions_newest", "group_id", "adopted_on", "id"),
        sa.CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meetings.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"))  # that of the meeting
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    adopted_on: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[ResolutionState] = mapped_column(one_of(ResolutionState, "state"), default=ResolutionState.OPEN)
    source: Mapped[str] = mapped_column(sa.Text, default="")


class Signature(Base):
    """Who signed a resolution, for whom. Without an association where the source names the country alone."""

    __tablename__ = "signatures"
    __table_args__ = (sa.Index("uq_signatures_association", "resolution_id", "association_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolutions.id", ondelete="CASCADE"))
    association_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    signatory: Mapped[str] = mapped_column(sa.String(200), default="")  # a name: for those inside
    capacity: Mapped[str] = mapped_column(sa.String(200), default="")


class FollowUp(Base):
    """What a later meeting found had become of a resolution."""

    __tablename__ = "follow_ups"

    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolutions.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        sa.ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[ResolutionState] = mapped_column(one_of(ResolutionState, "state"))
    words: Mapped[str] = mapped_column(sa.Text)


class Seat(Base):
    """A seat in a council of a group: which association sits in it, from when to when."""

    __tablename__ = "seats"
    __table_args__ = (
        sa.Index("ix_seats_council", "group_id", "from_on", "id"),
        sa.Index("ix_seats_association", "association_id", "from_on", "id"),
        sa.CheckConstraint("to_on = '' OR substr(to_on, 1, 4) >= substr(from_on, 1, 4)", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"))
    association_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"))
    council: Mapped[str] = mapped_column(sa.String(120))  # Executive Council
    name: Mapped[str] = mapped_column(sa.String(120))  # Chair
    from_on: Mapped[str] = mapped_column(sa.String(10))
    to_on: Mapped[str] = mapped_column(sa.String(10), default="")  # empty while it goes on
    source: Mapped[str] = mapped_column(sa.Text, default="")


def ends_before(start: str, end: str) -> bool:
    """True where an end comes before its start, as far as both are known: 2019 does not end before 2019-03."""
    known = min(len(start), len(end))
    return bool(end) and end[:known] < start[:known]
