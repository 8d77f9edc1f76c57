"""What people chose to get by mail, quiet hours, addresses that do not work."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core.db import Base, UTCDateTime, one_of
from alumni.groups.models import Rhythm


class Kind(StrEnum):
    """What a letter is for. All but the first two can be chosen."""

    NECESSARY = "necessary"  # security, decisions on the reader, what they come to, what they do for others
    INVITATION = "invitation"  # to somebody without an account; has a link of its own that stops it
    NEWS = "news"  # posts and events, by the rhythm of the group
    ANNOUNCEMENTS = "announcements"
    ANSWERS = "answers"
    MESSAGES = "messages"
    REMINDERS = "reminders"
    QUESTIONS = "questions"
    ELECTIONS = "elections"
    DIGEST = "digest"
    PROFILE = "profile"


class LetterChoice(Base):
    """How often somebody wants letters of a kind. Without a row it is as `policy.RHYTHMS` says first."""

    __tablename__ = "letter_choices"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(one_of(Rhythm, "rhythm"))


class QuietHours(Base):
    """Hours of somebody's own clock in which letters wait. The same hour twice: none."""

    __tablename__ = "quiet_hours"
    __table_args__ = (sa.CheckConstraint("starts BETWEEN 0 AND 23 AND ends BETWEEN 0 AND 23", name="hours"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    starts: Mapped[int]
    ends: Mapped[int]


class Bounce(Base):
    """Letters to this address came back."""

    __tablename__ = "bounces"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    times: Mapped[int] = mapped_column(default=0)  # that may pass by
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    bounced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # since when it counts as not working
    status: Mapped[str] = mapped_column(sa.String(16), default="")  # as the mail server said: 5.1.1
