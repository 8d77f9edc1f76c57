"""The append-only log: who did what to which thing, when and why.

It holds no foreign keys: a line outlives the account and the thing it speaks of. Triggers made by the
migration refuse UPDATE and DELETE on both engines. `core.seals` chains what was committed.
"""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, db, insert_or_ignore
from alumni.core.viewer import Viewer


class AuditLine(Base):
    __tablename__ = "audit_lines"
    # The log is read newest first, whole or by one of these.
    __table_args__ = (
        sa.Index("ix_audit_lines_actor", "actor_id", "id"),
        sa.Index("ix_audit_lines_action", "action", "id"),
        sa.Index("ix_audit_lines_subject", "subject", "id"),
        sa.Index(
            "uq_audit_lines_once",
            "once",
            unique=True,
            sqlite_where=sa.text("once IS NOT NULL"),
            postgresql_where=sa.text("once IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    actor_id: Mapped[int]  # 0: the installation itself
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(160))  # "event:reunion-2026-x7k2"
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    network: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")  # empty: not by a request
    once: Mapped[str | None] = mapped_column(sa.String(160))  # what may be said once only; see `record_once`


_network: ContextVar[str] = ContextVar("network", default="")


def come_from(network: str) -> None:
    """Says for the rest of this request where those come from who act in it."""
    _network.set(network)


def here() -> str:
    """The network that this request comes from; empty outside of one."""
    return _network.get()


def record(actor: Viewer, action: str, subject: str, *, reason: str = "", **facts: Any) -> None:
    """Writes a line in the transaction of the change itself."""
    values = {"actor_id": actor.id, "action": action, "subject": subject, "reason": reason, "facts": facts}
    db.session.add(AuditLine(**values, network=_network.get()))


def is_recorded(once: str) -> bool:
    """Looks whether it was said: so whoever repeats something a thousand times keeps nobody from writing."""
    return db.session.scalar(sa.select(AuditLine.id).where(AuditLine.once == once)) is not None


def record_once(once: str, actor: Viewer, action: str, subject: str, *, reason: str = "", **facts: Any) -> bool:
    """Writes a line unless one of the same `once` is there. True when it is new."""
    values = {"actor_id": actor.id, "action": action, "subject": subject, "reason": reason, "facts": facts}
    return insert_or_ignore(AuditLine, {**values, "at": clock.now(), "network": _network.get(), "once": once})
