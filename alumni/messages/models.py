"""What a conversation is: two people, how they stand in it, what they wrote, and what each wants of it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class MayWrite(StrEnum):
    """Who may write to somebody first."""

    MEMBERS = "members"  # anybody with a verified participation
    GROUPS = "groups"  # shares a group with me
    NOBODY = "nobody"


class InLetters(StrEnum):
    """How much of a message stands in the letter that says that there is one."""

    NOTHING = "nothing"
    BEGINNING = "beginning"
    ALL = "all"


class ConversationState(StrEnum):
    ASKED = "asked"
    OPEN = "open"
    DECLINED = "declined"  # to whoever asked it looks like ASKED, for ever
    LEFT = "left"


class MessageChoice(Base):
    """What somebody chose about messages; without a row the defaults hold."""

    __tablename__ = "message_choices"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    may_write: Mapped[MayWrite] = mapped_column(one_of(MayWrite, "may_write"), default=MayWrite.GROUPS)
    in_letters: Mapped[InLetters] = mapped_column(one_of(InLetters, "in_letters"), default=InLetters.BEGINNING)


class Conversation(Base):
    """Two members have one conversation, whoever began it. Whose account is erased has no name in it any more."""

    __tablename__ = "conversations"
    __table_args__ = (
        sa.UniqueConstraint("low_id", "high_id", name="uq_conversations_pair"),
        sa.CheckConstraint("low_id < high_id", name="pair_in_order"),
        sa.Index("ix_conversations_high", "high_id"),
        sa.Index("ix_conversations_asker", "asker_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    low_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"))
    high_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"))
    asker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"))
    state: Mapped[ConversationState] = mapped_column(
        one_of(ConversationState, "state"), default=ConversationState.ASKED
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Side(Base):
    """How one of the two stands in a conversation."""

    __tablename__ = "conversation_sides"
    __table_args__ = (
        sa.Index("ix_conversation_sides_newest", "account_id", "is_shown", "newest_at", "conversation_id"),
        sa.CheckConstraint("unread >= 0", name="unread"),
    )

    conversation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    newest_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    unread: Mapped[int] = mapped_column(default=0)
    cleared_id: Mapped[int] = mapped_column(default=0)  # messages up to this one were deleted for them
    is_shown: Mapped[bool] = mapped_column(default=True)  # in their list
    has_left: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the last letter went out


class Message(Base):
    """A text of one of the two. It is never changed."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.Index("ix_messages_conversation", "conversation_id", "id"),
        sa.Index("ix_messages_same", "sender_id", "note_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("conversations.id", ondelete="CASCADE"))
    sender_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(sa.Text)
    # Of the note of a request alone: the same words to many people are known by it.
    note_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
