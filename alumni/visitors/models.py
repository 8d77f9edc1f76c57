"""Somebody without an account who comes to a public event."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class VisitorState(StrEnum):
    ASKED = "asked"  # the address is not confirmed: holds no seat
    GOING = "going"
    CANCELLED = "cancelled"


class Visitor(Base):
    """Kept until some weeks after the event. Holds a seat from the moment the address is confirmed."""

    __tablename__ = "visitors"
    __table_args__ = (
        sa.Index("uq_visitors_address", "event_id", "email", unique=True),
        sa.Index("ix_visitors_event", "event_id", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(sa.String(320))  # normalised, lower case
    name: Mapped[str] = mapped_column(sa.String(200))
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    language: Mapped[str] = mapped_column(sa.String(8))
    is_online: Mapped[bool] = mapped_column(default=False)
    state: Mapped[VisitorState] = mapped_column(one_of(VisitorState, "state"), default=VisitorState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_of: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the start of which a letter has told
