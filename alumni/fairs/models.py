"""A company at a fair, its times, and requests to meet it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.text import fold
from alumni.core.tokens import new_key


def searchable(name: str, sector: str = "", looks_for: str = "", languages: str = "") -> str:
    """What a search looks through, without case and diacritics."""
    return fold(f"{name} {sector} {looks_for} {languages}")


def _searchable(context: Any) -> str:
    given = context.get_current_parameters()
    return searchable(given["name"], *(given.get(name, "") for name in ("sector", "looks_for", "languages")))


class Company(Base):
    """`asked_email`: the address of whoever was asked to speak for it, until they answer; nothing says whose it is."""

    __tablename__ = "companies"
    __table_args__ = (sa.Index("ix_companies_event", "event_id", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(200))
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    sector: Mapped[str] = mapped_column(sa.String(120), default="")
    looks_for: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    languages: Mapped[str] = mapped_column(sa.String(200), default="")
    stand: Mapped[str] = mapped_column(sa.String(120), default="")  # the table in the hall
    url: Mapped[str] = mapped_column(sa.String(500), default="")
    search_text: Mapped[str] = mapped_column(sa.Text, default=_searchable)
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"), index=True)
    asked_email: Mapped[str] = mapped_column(sa.String(254), default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class MeetingSlot(Base):
    """A time at which a company meets one person."""

    __tablename__ = "meeting_slots"
    __table_args__ = (
        sa.UniqueConstraint("company_id", "starts_at", name="uq_meeting_slots_start"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    company_id: Mapped[int] = mapped_column(sa.ForeignKey("companies.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RequestState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"  # the time is theirs
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = (RequestState.ASKED, RequestState.ACCEPTED)
_OPEN = sa.text("state IN ('asked', 'accepted')")
_ACCEPTED = sa.text("state = 'accepted'")


class MeetingRequest(Base):
    """Somebody asks for a time. Without a reason, a declined one says that the time went to somebody else."""

    __tablename__ = "meeting_requests"
    __table_args__ = (
        sa.Index(
            "uq_meeting_requests_taken", "slot_id", unique=True, sqlite_where=_ACCEPTED, postgresql_where=_ACCEPTED
        ),
        sa.Index(
            "uq_meeting_requests_open",
            *("slot_id", "account_id"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index("ix_meeting_requests_person", "account_id", "state"),
        sa.Index("ix_meeting_requests_slot", "slot_id", "asked_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting_slots.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[RequestState] = mapped_column(one_of(RequestState, "state"), default=RequestState.ASKED)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
