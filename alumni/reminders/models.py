"""A reminder that was written, so that nobody gets it twice."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of


class ReminderKind(StrEnum):
    WEEK = "week"  # seven days before
    DAY = "day"  # the day before


class Reminder(Base):
    """For one start of the event: moved, it is another, and its reminders come anew."""

    __tablename__ = "reminders"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[ReminderKind] = mapped_column(one_of(ReminderKind, "kind"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
