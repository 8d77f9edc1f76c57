"""What a report is: somebody says that something breaks the rules; a moderator decides."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class ReportReason(StrEnum):
    ABUSE = "abuse"
    FALSE = "false"  # not who they say, or not true
    SPAM = "spam"
    DANGER = "danger"  # puts somebody at risk
    PRIVATE = "private"  # shows what somebody wants kept private
    OTHER = "other"


class ReportState(StrEnum):
    OPEN = "open"
    IN_HAND = "in hand"
    DECIDED = "decided"


class Decision(StrEnum):
    NONE = "none"
    HIDDEN = "hidden"
    SUSPENDED = "suspended"


def _once_while_open(thing: str) -> sa.Index:
    """Nobody reports the same thing twice before the first report is decided; the database settles the race."""
    is_open = sa.text("state <> 'decided'")
    return sa.Index(
        f"uq_reports_{thing}_once", "reporter_id", thing, unique=True, sqlite_where=is_open, postgresql_where=is_open
    )


class Report(Base):
    """One nullable key for each kind of thing and a CHECK that at most one is set; no generic foreign keys.

    The snapshot remains when the thing itself is gone.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.Index("ix_reports_queue", "state", "created_at", "id"),
        _once_while_open("post_id"),
        _once_while_open("event_id"),
        _once_while_open("member_id"),
        _once_while_open("message_id"),
        sa.CheckConstraint(
            "(CASE WHEN post_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN event_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN member_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN message_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_thing",
        ),
        sa.CheckConstraint("(state = 'decided') = (decision IS NOT NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    post_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posts.id", ondelete="SET NULL"), index=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="SET NULL"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"), index=True)
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    reason: Mapped[ReportReason] = mapped_column(one_of(ReportReason, "reason"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # what it looked like when it was reported
    state: Mapped[ReportState] = mapped_column(one_of(ReportState, "state"), default=ReportState.OPEN)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decision: Mapped[Decision | None] = mapped_column(one_of(Decision, "decision"))
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
