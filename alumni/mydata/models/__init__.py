"""Copies of one's own data on their way, and accounts that are being closed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime
from alumni.core.tokens import new_key


class DataExport(Base):
    """Everything about somebody as one file, made when they ask for it and deleted after some days."""

    __tablename__ = "data_exports"
    __table_args__ = (
        sa.Index("ix_data_exports_account", "account_id", "asked_at"),
        sa.Index(  # one in the making
            "uq_data_exports_making",
            "account_id",
            unique=True,
            sqlite_where=sa.text("ready_at IS NULL"),
            postgresql_where=sa.text("ready_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(sa.String(16))  # of what is explained in it
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    file: Mapped[str] = mapped_column(sa.String(80), default="")  # its name in the store; empty once it is deleted
    size: Mapped[int] = mapped_column(default=0)  # bytes


class Closing(Base):
    """An account that somebody closes: first for some days in which they may come back, then for good.

    It names nobody, so it stays: what was erased is erased again after a backup is restored.
    """

    __tablename__ = "closings"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    keeps_posts: Mapped[bool]  # without a name; or they go as well
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    erase_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
