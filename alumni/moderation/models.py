"""What a report is: somebody says that something breaks the rules; a moderator decides."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key

DEADLINE = timedelta(hours=48)  # in which somebody looks at a case, before it climbs
_WAITS = sa.text("state = 'open' AND first_id IS NULL")


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
    WARNED = "warned"
    HIDDEN = "hidden"
    REMOVED = "removed"  # hidden, and deleted once nobody can appeal any more
    SUSPENDED = "suspended"


class Rung(StrEnum):
    """Whose turn a case is. Moderators see each from the beginning; nobody has to wait for a group that sleeps."""

    ORGANISERS = "organisers"
    MODERATORS = "moderators"
    ADMINS = "admins"


class AppealState(StrEnum):
    APPEALED = "appealed"
    UPHELD = "upheld"
    REVERSED = "reversed"


def _once_while_open(thing: str) -> tuple[sa.Index, sa.Index]:
    """Nobody reports the same thing twice before it is decided, and it is one case; the database settles the races."""
    return (
        _unique(f"uq_reports_{thing}_once", "reporter_id", thing, where="state <> 'decided'"),
        _unique(f"uq_reports_{thing}_case", thing, where="state <> 'decided' AND first_id IS NULL"),
    )


def _unique(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Report(Base):
    """One nullable key for each kind of thing and a CHECK that at most one is set; no generic foreign keys.

    The snapshot remains when the thing itself is gone. What others say of the same thing before it is decided
    belongs to the first report (`first_id`), which is the case and is decided for all of them.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.Index("ix_reports_queue", "state", "created_at", "id"),
        sa.Index("ix_reports_due", "due_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        *_once_while_open("post_id"),
        *_once_while_open("event_id"),
        *_once_while_open("member_id"),
        *_once_while_open("message_id"),
        *_once_while_open("group_id"),
        sa.CheckConstraint(
            "(CASE WHEN post_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN event_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN member_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN message_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) <= 1",
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
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    first_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reports.id", ondelete="SET NULL"), index=True)
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    reason: Mapped[ReportReason] = mapped_column(one_of(ReportReason, "reason"))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # what it looked like when it was reported
    state: Mapped[ReportState] = mapped_column(one_of(ReportState, "state"), default=ReportState.OPEN)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    rung: Mapped[Rung] = mapped_column(one_of(Rung, "rung"), default=Rung.MODERATORS, server_default="moderators")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=lambda: clock.now() + DEADLINE)
    held_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # hidden until somebody looks
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decision: Mapped[Decision | None] = mapped_column(one_of(Decision, "decision"))
    decision_rule: Mapped[ReportReason | None] = mapped_column(one_of(ReportReason, "decision_rule"))
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    has_hidden: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # by what was decided


class Appeal(Base):
    """Whoever was decided about asks once that somebody else looks at it."""

    __tablename__ = "appeals"
    __table_args__ = (
        sa.Index("ix_appeals_waiting", "state", "created_at", "id"),
        sa.CheckConstraint("(state = 'appealed') = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(sa.ForeignKey("reports.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[AppealState] = mapped_column(one_of(AppealState, "state"), default=AppealState.APPEALED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
