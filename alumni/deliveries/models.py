"""What somebody was told already, and when their next gathered letter is due."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core.db import Base, UTCDateTime


class Told(Base):
    """A letter about something went to somebody, so that no second one does by another way."""

    __tablename__ = "told"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(200), primary_key=True)  # "post:k2x7…", "event:reunion-…"
    job_id: Mapped[int]  # of the letter: tried again, it is the same one
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Digest(Base):
    """When it is morning next where somebody lives, and up to when they were told what is new."""

    __tablename__ = "digests"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    daily_at: Mapped[datetime] = mapped_column(UTCDateTime)
    weekly_at: Mapped[datetime] = mapped_column(UTCDateTime)
