"""What a founding is: an association that does not exist yet, its founding members and its papers."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class FoundingState(StrEnum):
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class FounderState(StrEnum):
    INVITED = "invited"
    CONFIRMED = "confirmed"
    LEFT = "left"


class FundKind(StrEnum):
    INCOME = "income"
    EXPENSE = "expense"


class Founding(Base):
    __tablename__ = "foundings"
    __table_args__ = (sa.Index("ix_foundings_state", "state", "handed_in_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    name: Mapped[str] = mapped_column(sa.String(200))
    country: Mapped[str] = mapped_column(sa.String(2))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="SET NULL"), index=True)
    umbrella_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True)
    purpose: Mapped[str] = mapped_column(sa.Text)
    charter: Mapped[str] = mapped_column(sa.Text, default="")
    charter_edits: Mapped[int] = mapped_column(default=0)  # how often it was saved, so that nobody writes over another
    plan_edits: Mapped[int] = mapped_column(default=0)
    funds_edits: Mapped[int] = mapped_column(default=0)
    organiser_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    term_ends_on: Mapped[str] = mapped_column(sa.String(10), default="")  # of the first officers
    state: Mapped[FoundingState] = mapped_column(one_of(FoundingState, "state"), default=FoundingState.DRAFT)
    started_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # last
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why declined, or what is asked for


class Founder(Base):
    """Somebody who founds along, once they have said so themselves."""

    __tablename__ = "founders"
    __table_args__ = (sa.UniqueConstraint("founding_id", "account_id", name="uq_founders_account"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    founding_id: Mapped[int] = mapped_column(sa.ForeignKey("foundings.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    state: Mapped[FounderState] = mapped_column(one_of(FounderState, "state"), default=FounderState.INVITED)
    name: Mapped[str] = mapped_column(sa.String(200), default="")  # on the papers
    address: Mapped[str] = mapped_column(sa.String(300), default="")  # on the paper alone, for the other founders
    office: Mapped[str] = mapped_column(sa.String(120), default="")  # of the first officers
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Activity(Base):
    """A row of the annual plan."""

    __tablename__ = "founding_activities"

    founding_id: Mapped[int] = mapped_column(sa.ForeignKey("foundings.id", ondelete="CASCADE"), primary_key=True)
    place_in_list: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7))  # 2027-05
    activity: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(200))
    people: Mapped[int | None]
    words: Mapped[str] = mapped_column(sa.String(500))


class Fund(Base):
    """A row of the plan of funds, in whole units of a currency."""

    __tablename__ = "founding_funds"
    __table_args__ = (sa.CheckConstraint("amount >= 0", name="amount"),)

    founding_id: Mapped[int] = mapped_column(sa.ForeignKey("foundings.id", ondelete="CASCADE"), primary_key=True)
    place_in_list: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FundKind] = mapped_column(one_of(FundKind, "kind"))
    what: Mapped[str] = mapped_column(sa.String(200))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))  # ISO 4217
