"""What an organiser asks of those who come, and what they say."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core.db import Base, one_of
from alumni.core.tokens import new_key


class QuestionKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"  # one of the choices
    SEVERAL = "several"  # any number of them
    NUMBER = "number"
    COUNTRY = "country"


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
