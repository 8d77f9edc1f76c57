"""What is written to many at once, across groups: to whom, in which languages, when, and who got it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of


class Reach(StrEnum):
    """For whom its author may speak."""

    GROUP = "group"  # a group and all below it
    OFFICE = "office"  # whoever took part in what the author's mandates reach
    EVERYBODY = "everybody"


class CircularState(StrEnum):
    DRAFT = "draft"
    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"  # every letter is promised
    STOPPED = "stopped"


class Circular(Base):
    __tablename__ = "circulars"
    __table_args__ = (
        sa.Index("ix_circulars_author", "author_id", "id"),
        sa.Index("ix_circulars_group", "group_id", "id"),
        sa.CheckConstraint("(reach = 'group') = (group_id IS NOT NULL)", name="group_where_it_is_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    reach: Mapped[Reach] = mapped_column(one_of(Reach, "reach"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    filters: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)  # facet of the directory to its value
    language: Mapped[str] = mapped_column(sa.String(16))  # of the version for whoever reads none of the others
    state: Mapped[CircularState] = mapped_column(one_of(CircularState, "state"), default=CircularState.DRAFT)
    zone: Mapped[str] = mapped_column(sa.String(64), default="UTC")  # in which its beginning was chosen
    begins_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_id: Mapped[int] = mapped_column(default=0)  # the last account whose letter is promised
    promised: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class CircularVersion(Base):
    """Its words in one language."""

    __tablename__ = "circular_versions"

    circular_id: Mapped[int] = mapped_column(sa.ForeignKey("circulars.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    body: Mapped[str] = mapped_column(sa.Text)


class CircularLetter(Base):
    """A letter that went out. Of each circular everybody gets one."""

    __tablename__ = "circular_letters"
    __table_args__ = (sa.Index("ix_circular_letters_account", "account_id", "sent_at"),)

    circular_id: Mapped[int] = mapped_column(sa.ForeignKey("circulars.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
