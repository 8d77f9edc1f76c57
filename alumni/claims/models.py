"""What the desk knows of a claim: the entry it may be, evidence, vouchers, its history, the rules it is decided by."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key

VOUCHER_GONE = "voucher-gone"  # a reason that nobody wrote: pages and letters say it in their reader's language


class Basis(StrEnum):
    """By what a participation was verified."""

    EMAIL = "email"  # a confirmed address that is on the roster
    NUMBER = "number"
    INVITATION = "invitation"
    VOUCHERS = "vouchers"
    DESK = "desk"


class Case(Base):
    """A claim as the desk sees it: one for each participation that was claimed here."""

    __tablename__ = "cases"

    participation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("participations.id", ondelete="CASCADE"), primary_key=True
    )
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("roster_entries.id", ondelete="SET NULL"), index=True)
    # The one more fact that the claimant gave: compared with the roster, never shown to another claimant.
    number: Mapped[str] = mapped_column(sa.String(64), default="")
    born_on: Mapped[str | None] = mapped_column(sa.String(10))
    institution: Mapped[str] = mapped_column(sa.String(300), default="")
    score: Mapped[int | None] = mapped_column()  # 0 to 100: how well the names agree
    agrees: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # names of columns of the entry
    differs: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    is_exact: Mapped[bool] = mapped_column(default=False)  # the name and a fact agree, nothing differs: for the bulk
    is_disputed: Mapped[bool] = mapped_column(default=False)  # somebody else claims, or has, the same entry
    is_vouched: Mapped[bool] = mapped_column(default=False)  # enough of the cohort say so: it moves up at the desk
    basis: Mapped[Basis | None] = mapped_column(one_of(Basis, "basis"))
    question: Mapped[str] = mapped_column(sa.Text, default="")  # what more was asked
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    taken_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # one reviewer at a time


class Step(StrEnum):
    """What happened to a claim, as the claimant reads it."""

    CLAIMED = "claimed"
    ASKED = "asked"
    ANSWERED = "answered"
    EVIDENCE = "evidence"
    VOUCHER_ASKED = "voucher_asked"
    VOUCHED = "vouched"
    VOUCH_REVOKED = "vouch_revoked"
    DISPUTED = "disputed"
    VERIFIED = "verified"
    DECLINED = "declined"
    REVOKED = "revoked"
    APPEALED = "appealed"
    REOPENED = "reopened"
    CORRECTED = "corrected"


class CaseStep(Base):
    """One line of the history of a claim."""

    __tablename__ = "case_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("participations.id", ondelete="CASCADE"), index=True)
    step: Mapped[Step] = mapped_column(one_of(Step, "step"))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Evidence(Base):
    """A picture or a PDF that a claimant sent: for the desk alone, deleted 30 days after the decision."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("participations.id", ondelete="CASCADE"), index=True)
    file: Mapped[str] = mapped_column(sa.String(80))  # its name in the store
    media_type: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    size: Mapped[int]  # bytes
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    delete_after: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)


class VouchState(StrEnum):
    ASKED = "asked"
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"  # never counts against anyone
    REVOKED = "revoked"  # was a yes, and not true


class Vouch(Base):
    """A verified member of the same cohort who is asked: were you there together?"""

    __tablename__ = "vouches"
    __table_args__ = (
        sa.UniqueConstraint("participation_id", "voucher_id", name="uq_vouches_once"),
        sa.Index("ix_vouches_voucher", "voucher_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("participations.id", ondelete="CASCADE"))
    voucher_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"))
    state: Mapped[VouchState] = mapped_column(one_of(VouchState, "state"), default=VouchState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # of revoking it


class ClaimRules(Base):
    """How claims of a programme, and of what is below it, are decided. Without a row, those of its parent hold."""

    __tablename__ = "claim_rules"
    __table_args__ = (
        sa.CheckConstraint("vouchers_needed BETWEEN 1 AND 9", name="vouchers_needed"),
        sa.CheckConstraint("vouches_a_month BETWEEN 1 AND 99", name="vouches_a_month"),
    )

    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), primary_key=True)
    vouchers_needed: Mapped[int] = mapped_column(default=2)
    vouches_a_month: Mapped[int] = mapped_column(default=10)
    vouchers_suffice: Mapped[bool] = mapped_column(default=False)  # enough of them verify without the desk
    organisers_decide: Mapped[bool] = mapped_column(default=False)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
