"""Somebody who came to an event."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime
from alumni.core.tokens import new_key


class Arrival(Base):
    """A member who had answered, once however often they are noted; or others who came along, by name or by number.

    `key` is also the code by which anybody checks a certificate. `once` is the key that a phone at the door gave it,
    so that what was noted without a network comes in one time.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        sa.Index(
            "uq_arrivals_member",
            *("event_id", "account_id"),
            unique=True,
            sqlite_where=sa.text("account_id IS NOT NULL"),
            postgresql_where=sa.text("account_id IS NOT NULL"),
        ),
        sa.Index("uq_arrivals_once", "event_id", "once", unique=True),
        sa.CheckConstraint("people BETWEEN 1 AND 999", name="people"),
        sa.CheckConstraint("account_id IS NULL OR (name = '' AND people <= 10)", name="member_or_others"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    once: Mapped[str] = mapped_column(sa.String(16))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")  # of somebody who came without an answer
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    people: Mapped[int] = mapped_column(default=1)  # a member with guests, or a group of others
    arrived_at: Mapped[datetime] = mapped_column(UTCDateTime)  # by the clock of the door
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
