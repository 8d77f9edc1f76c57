"""What an officer holds: a mandate of an agency or a mission, with a scope and a term."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class Agency(StrEnum):
    JICA = "jica"
    JICE = "jice"
    JOCA = "joca"
    JAPAN_FOUNDATION = "japan_foundation"
    MISSION = "mission"  # an embassy, a consulate
    OTHER = "other"


class Mandate(Base):
    """One account acts for an agency: for some programmes and all below them, for one country, or for both at once.

    Two lines of authority over the same people: a programme's officer sees it in every country, a mission sees its
    country in every programme.
    """

    __tablename__ = "mandates"
    __table_args__ = (
        sa.Index("ix_mandates_account", "account_id", "ends_on"),
        sa.Index("ix_mandates_end", "ends_on", "id"),
        sa.CheckConstraint("ends_on >= starts_on", name="term"),
        sa.CheckConstraint("NOT is_for_all_programmes OR country <> ''", name="has_a_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    agency: Mapped[Agency] = mapped_column(one_of(Agency, "agency"))
    country: Mapped[str] = mapped_column(sa.String(2), default="")  # sent from; empty: every country
    is_for_all_programmes: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[str] = mapped_column(sa.String(10))  # ISO dates, both days included
    ends_on: Mapped[str] = mapped_column(sa.String(10))
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # that the term is running out
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # by an admin, before its last day
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")


class MandateProgramme(Base):
    """A programme that a mandate is for; its editions and batches come with it."""

    __tablename__ = "mandate_programmes"

    mandate_id: Mapped[int] = mapped_column(sa.ForeignKey("mandates.id", ondelete="CASCADE"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True, index=True
    )
