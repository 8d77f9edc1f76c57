"""Sessions of an event and who chose them, recommendations and their way, and heads of delegations."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class EventSession(Base):
    """A part of an event at its own time. It is shown in the zone of the event; what overlaps is parallel."""

    __tablename__ = "event_sessions"
    __table_args__ = (
        sa.Index("ix_event_sessions_event", "event_id", "starts_at", "id"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        sa.CheckConstraint("seats_taken >= 0 AND (capacity IS NULL OR seats_taken <= capacity)", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(sa.String(200))
    about: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    speakers: Mapped[str] = mapped_column(sa.String(500), default="")
    room: Mapped[str] = mapped_column(sa.String(200), default="")
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    capacity: Mapped[int | None]  # null: no limit
    seats_taken: Mapped[int] = mapped_column(default=0)  # rows of choices, counted anew whenever somebody chooses
    revision: Mapped[int] = mapped_column(default=0)  # SEQUENCE of RFC 5545
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class SessionChoice(Base):
    """Somebody takes a seat in a session. It counts while they are going to the event."""

    __tablename__ = "session_choices"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("event_sessions.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class RecommendationState(StrEnum):
    DRAFTED = "drafted"
    ADOPTED = "adopted"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"


class Recommendation(Base):
    """One of the declaration of a conference, by its number. Its text stays as it was adopted."""

    __tablename__ = "recommendations"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "number", name="uq_recommendations_number"),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)  # Markdown
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id", ondelete="SET NULL"), index=True)
    state: Mapped[RecommendationState] = mapped_column(
        one_of(RecommendationState, "state"), default=RecommendationState.DRAFTED
    )
    answer: Mapped[str] = mapped_column(sa.Text, default="")  # what came back, Markdown
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Handover(Base):
    """To whom a recommendation was handed, when and by whom."""

    __tablename__ = "handovers"
    __table_args__ = (sa.Index("ix_handovers_recommendation", "recommendation_id", "handed_on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id", ondelete="CASCADE"))
    addressee: Mapped[str] = mapped_column(sa.String(200))
    handed_on: Mapped[str] = mapped_column(sa.String(10))  # ISO 8601
    handed_by: Mapped[str] = mapped_column(sa.String(200), default="")
    remark: Mapped[str] = mapped_column(sa.Text, default="")


class DelegationHead(Base):
    """Whoever leads those of a country, while they are going."""

    __tablename__ = "delegation_heads"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), index=True)
