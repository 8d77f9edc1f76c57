"""A group that a member proposes: it exists when those above say so."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key
from alumni.groups.models import GroupKind


class ProposalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    __tablename__ = "group_proposals"
    __table_args__ = (
        sa.Index("ix_group_proposals_parent", "parent_id", "state", "created_at"),
        sa.Index("ix_group_proposals_by", "proposed_by_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(300))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    state: Mapped[ProposalState] = mapped_column(one_of(ProposalState, "state"), default=ProposalState.WAITING)
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it was declined
    group_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("groups.id", ondelete="SET NULL"), index=True
    )  # what came
