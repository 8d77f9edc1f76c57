"""The append-only log: who did what to which thing, when and why.

It holds no foreign keys: a line outlives the account and the thing it speaks of. Triggers made by the
migration refuse UPDATE and DELETE on both engines.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, db
from alumni.core.viewer import Viewer


class AuditLine(Base):
    __tablename__ = "audit_lines"
    # The log is read newest first, whole or by one of these.
    __table_args__ = (
        sa.Index("ix_audit_lines_actor", "actor_id", "id"),
        sa.Index("ix_audit_lines_action", "action", "id"),
        sa.Index("ix_audit_lines_subject", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    actor_id: Mapped[int]  # 0: the installation itself
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(160))  # "event:reunion-2026-x7k2"
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


def record(actor: Viewer, action: str, subject: str, *, reason: str = "", **facts: Any) -> None:
    """Writes a line in the transaction of the change itself."""
    db.session.add(AuditLine(actor_id=actor.id, action=action, subject=subject, reason=reason, facts=facts))
