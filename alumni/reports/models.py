"""The report of an event with its pictures, what those who came are asked and say, and the group that lasts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime


class EventReport(Base):
    """One of each event. Its texts are written, its numbers counted: they stay as they were when it was published."""

    __tablename__ = "event_reports"
    __table_args__ = (sa.CheckConstraint("(numbers IS NULL) = (counted_at IS NULL)", name="counted"),)

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    words_en: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown, as are the next three
    words_ja: Mapped[str] = mapped_column(sa.Text, default="")
    minutes_en: Mapped[str] = mapped_column(sa.Text, default="")
    minutes_ja: Mapped[str] = mapped_column(sa.Text, default="")
    quotes: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)  # words, by: of people who agreed
    handed_to: Mapped[str] = mapped_column(sa.String(200), default="")
    handed_on: Mapped[str] = mapped_column(sa.String(10), default="")  # ISO 8601
    shows_feedback: Mapped[bool] = mapped_column(default=False)  # the averages of what those who came say
    is_published: Mapped[bool] = mapped_column(default=False)
    numbers: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edits: Mapped[int] = mapped_column(default=0)
    written_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class ReportPicture(Base):
    """A picture of a report."""

    __tablename__ = "report_pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(32), unique=True)  # of its files in the store
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event_reports.event_id", ondelete="CASCADE"), index=True)
    caption: Mapped[str] = mapped_column(sa.String(300))
    width: Mapped[int]  # of the larger file
    height: Mapped[int]


class QuestionKind(StrEnum):
    SCALE = "scale"  # one to five
    WORDS = "words"


class FeedbackSheet(Base):
    """What those who came to an event are asked: a list of kind, label, and the code of one that we offered."""

    __tablename__ = "feedback_sheets"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    questions: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when letters were promised last


class FeedbackLetter(Base):
    """Somebody was asked by letter, so that nobody gets it twice."""

    __tablename__ = "feedback_letters"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )


class FeedbackAnswer(Base):
    """What somebody says of an event. When they said it is not kept: times tell who it was."""

    __tablename__ = "feedback_answers"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    replies: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # by the key of the question


class LastingGroup(Base):
    """The group in which the people of an event go on: one of each event."""

    __tablename__ = "lasting_groups"

    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), unique=True)
    invited: Mapped[int] = mapped_column(default=0)  # how many letters were promised
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
