"""What somebody was told already, letters to be read here, and when their next gathered letter is due."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core.db import Base, UTCDateTime
from alumni.core.tokens import new_key


class Told(Base):
    """A letter about something went to somebody, so that no second one does by another way."""

    __tablename__ = "told"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(200), primary_key=True)  # "post:k2x7…", "event:reunion-…"
    job_id: Mapped[int]  # of the letter: tried again, it is the same one
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class KeptLetter(Base):
    """A letter to somebody, to be read here as well, whatever becomes of the mail. Written anew for each look."""

    __tablename__ = "kept_letters"
    __table_args__ = (
        sa.Index("ix_kept_letters_account", "account_id", "id"),
        sa.Index(
            "ix_kept_letters_new",
            "account_id",
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    reference: Mapped[str] = mapped_column(sa.String(40), unique=True)  # of the job: tried again, it is the same letter
    template: Mapped[str] = mapped_column(sa.String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Digest(Base):
    """When it is morning next where somebody lives, and up to when they were told what is new."""

    __tablename__ = "digests"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    daily_at: Mapped[datetime] = mapped_column(UTCDateTime)
    weekly_at: Mapped[datetime] = mapped_column(UTCDateTime)
