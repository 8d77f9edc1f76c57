"""What an entry of outreach is, and the sums that are kept of them."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key
from alumni.members.models import Audience
from alumni.programmes.models import Bound


class OutreachKind(StrEnum):
    TALK = "talk"
    ARTICLE = "article"
    CLASS = "class"
    BROADCAST = "broadcast"
    EXHIBITION = "exhibition"
    OTHER = "other"


class OutreachEntry(Base):
    """Once that somebody, or a group, told others of Japan."""

    __tablename__ = "outreach_entries"
    __table_args__ = (
        sa.Index("ix_outreach_entries_account", "account_id", "held_on", "id"),
        sa.Index("ix_outreach_entries_group", "group_id", "held_on", "id"),
        sa.CheckConstraint("NOT is_of_group OR group_id IS NOT NULL", name="of_a_group"),
        sa.CheckConstraint("reached >= 0", name="reached"),
        sa.CheckConstraint("(reached IS NULL) = (reached_bound IS NULL)", name="bound"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))  # where it counts
    is_of_group: Mapped[bool] = mapped_column(default=False)  # done by the group; the account only noted it
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"), default=Audience.GROUPS)
    kind: Mapped[OutreachKind] = mapped_column(one_of(OutreachKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(300))
    held_on: Mapped[str] = mapped_column(sa.String(10))  # ISO 8601
    year: Mapped[int]  # the Japanese fiscal year of that day
    country: Mapped[str] = mapped_column(sa.String(2), default="")  # empty: in no single one
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    link: Mapped[str] = mapped_column(sa.String(500), default="")
    reached: Mapped[int | None]
    reached_bound: Mapped[Bound | None] = mapped_column(one_of(Bound, "reached_bound"))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class OutreachSum(Base):
    """What was noted for a group in a year, in a country, of one kind; kept in the transaction of each entry."""

    __tablename__ = "outreach_sums"
    __table_args__ = (
        sa.CheckConstraint("entries >= 0 AND reached >= 0", name="counts"),
        sa.Index("ix_outreach_sums_year", "year", "country"),
    )

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    country: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    kind: Mapped[OutreachKind] = mapped_column(one_of(OutreachKind, "kind"), primary_key=True)
    entries: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    about: Mapped[int] = mapped_column(default=0)  # entries whose number is not exact
    more_than: Mapped[int] = mapped_column(default=0)  # entries whose number is a least one
    uncounted: Mapped[int] = mapped_column(default=0)  # entries without a number
