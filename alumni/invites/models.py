"""An invitation to a group: a letter to one address, or a link that several may use."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key

LIFE = timedelta(days=30)  # of a letter, from its last sending


class InviteState(StrEnum):
    """How a letter stands; when it is too old, time says. A link is `sent` until it is withdrawn."""

    SENT = "sent"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class GroupInvitation(Base):
    """Of the secret in its link only a digest is kept. A letter that is sent again has another."""

    __tablename__ = "group_invitations"
    __table_args__ = (
        sa.Index("ix_group_invitations_group", "group_id", "created_at", "id"),
        sa.Index("ix_group_invitations_by", "by_id", "group_id", "created_at"),
        sa.Index("ix_group_invitations_email", "email", "group_id"),
        sa.CheckConstraint("used >= 0 AND used <= most_uses", name="uses"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(sa.String(320), default="")  # empty: a link
    # Nobody typed the address: it is that of somebody who did not show it, and is in no list.
    hides_address: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    words: Mapped[str] = mapped_column(sa.Text, default="")  # what the inviter writes
    digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    state: Mapped[InviteState] = mapped_column(one_of(InviteState, "state"), default=InviteState.SENT)
    times: Mapped[int] = mapped_column(default=1)  # how often a letter was promised
    used: Mapped[int] = mapped_column(default=0)
    most_uses: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NoLetters(Base):
    """An address to which nobody is to write invitations. Kept as a digest: it is no list of people."""

    __tablename__ = "no_letters"

    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
