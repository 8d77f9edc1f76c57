"""What an organiser asks of those who come, and what they say."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"  # one of the choices
    SEVERAL = "several"  # any number of them
    NUMBER = "number"
    COUNTRY = "country"
    FILE = "file"  # a picture or a PDF, sent by itself


class EventQuestion(Base):
    """Asked with the answer. It does not change any more once somebody has replied."""

    __tablename__ = "event_questions"
    __table_args__ = (sa.Index("ix_event_questions_event", "event_id", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(one_of(QuestionKind, "kind"))
    label: Mapped[str] = mapped_column(sa.String(300))
    choices: Mapped[str] = mapped_column(sa.Text, default="")  # one a line
    is_required: Mapped[bool] = mapped_column(default=False)
    # Asked only of those who said this to an earlier question of the same event.
    only_if_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_questions.id", ondelete="CASCADE"), index=True)
    only_if_value: Mapped[str] = mapped_column(sa.String(300), default="")


class EventReply(Base):
    """What somebody said to a question; several choices stand one a line."""

    __tablename__ = "event_replies"

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("event_questions.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    value: Mapped[str] = mapped_column(sa.Text)


class ReplyFile(Base):
    """A file as the reply to a question: for who sent it and who runs the event, forgotten with the other replies."""

    __tablename__ = "event_reply_files"
    __table_args__ = (sa.Index("uq_event_reply_files", "question_id", "account_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("event_questions.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), index=True)
    file: Mapped[str] = mapped_column(sa.String(80), index=True)  # its name in the store
    media_type: Mapped[str] = mapped_column(sa.String(40))
    size: Mapped[int]  # bytes
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
