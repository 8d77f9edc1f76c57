"""A plan of action, and how it went after three and after twelve months."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key

MONTHS = (3, 12)  # after which it is asked how it goes


class PlanAudience(StrEnum):
    ONLY_ME = "only_me"
    GROUP = "group"
    OFFICERS = "officers"  # the group, and those who act for the programme


class Progress(StrEnum):
    WELL = "well"
    SLOWLY = "slowly"
    STOPPED = "stopped"
    DONE = "done"


class Plan(Base):
    """One of each member in each cohort."""

    __tablename__ = "plans"
    __table_args__ = (
        sa.UniqueConstraint("group_id", "account_id", name="uq_plans_of_member"),
        sa.Index("ix_plans_newest", "group_id", "made_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    what: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    for_whom: Mapped[str] = mapped_column(sa.String(300), default="")
    by_when: Mapped[str] = mapped_column(sa.String(10), default="")  # ISO 8601
    first_step: Mapped[str] = mapped_column(sa.String(300), default="")
    audience: Mapped[PlanAudience] = mapped_column(one_of(PlanAudience, "audience"), default=PlanAudience.GROUP)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class CheckIn(Base):
    """How it goes, once it was asked and said."""

    __tablename__ = "check_ins"
    __table_args__ = (
        sa.Index("ix_check_ins_due", "asked_at", "due_at"),
        sa.CheckConstraint("(progress IS NULL) = (answered_at IS NULL)", name="answered"),
    )

    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    months: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    progress: Mapped[Progress | None] = mapped_column(one_of(Progress, "progress"))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
