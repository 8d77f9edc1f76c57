"""What a member is: a profile with an audience for each field, the listings made from it, participations."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key


class Audience(StrEnum):
    """Who may see a field, from the narrowest to the widest."""

    ONLY_ME = "only_me"
    GROUPS = "groups"  # shares a group with me
    MEMBERS = "members"  # signed in, with a verified participation
    PUBLIC = "public"


class ParticipationRole(StrEnum):
    PARTICIPANT = "participant"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"


class ParticipationState(StrEnum):
    CLAIMED = "claimed"
    ASKED = "asked"  # more information was asked for
    VERIFIED = "verified"
    DECLINED = "declined"
    REVOKED = "revoked"


class Member(Base):
    """The person behind an account. Each field has its audience; nothing is public until chosen."""

    __tablename__ = "members"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))  # own script, in the order the owner writes it
    name_audience: Mapped[Audience] = mapped_column(one_of(Audience, "name_audience"), default=Audience.MEMBERS)
    name_romanised: Mapped[str] = mapped_column(sa.String(200), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")  # of residence
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    place_audience: Mapped[Audience] = mapped_column(one_of(Audience, "place_audience"), default=Audience.GROUPS)
    headline: Mapped[str] = mapped_column(sa.String(200), default="")  # what I do, in one line
    headline_audience: Mapped[Audience] = mapped_column(one_of(Audience, "headline_audience"), default=Audience.GROUPS)
    contact: Mapped[str] = mapped_column(sa.String(300), default="")  # how to reach me; never public
    contact_audience: Mapped[Audience] = mapped_column(one_of(Audience, "contact_audience"), default=Audience.ONLY_ME)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (sa.CheckConstraint("contact_audience <> 'public'", name="contact_is_never_public"),)


class Listing(Base):
    """What one audience may see of a member. Lists, search and the API read this and nothing else.

    A member has no row for an audience that may not see the name.
    """

    __tablename__ = "listings"
    __table_args__ = (
        sa.Index("ix_listings_order", "audience", "sort_key", "account_id"),
        sa.Index("ix_listings_country", "audience", "country", "sort_key", "account_id"),
        sa.Index("ix_listings_handle", "handle", "audience"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"), primary_key=True)
    handle: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_romanised: Mapped[str] = mapped_column(sa.String(200), default="")
    sort_key: Mapped[str] = mapped_column(sa.String(400))
    name_folded: Mapped[str] = mapped_column(sa.Text)  # a space before each word of either form
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    headline: Mapped[str] = mapped_column(sa.String(200), default="")
    contact: Mapped[str] = mapped_column(sa.String(300), default="")


class Participation(Base):
    """ "This member was in this cohort." Claimed, then verified or declined. One member holds many."""

    __tablename__ = "participations"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "programme_id", "cohort_id", name="uq_participations_once"),
        sa.Index("ix_participations_cohort", "cohort_id", "state"),
        sa.Index("ix_participations_waiting", "state", "claimed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="RESTRICT"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id", ondelete="RESTRICT"))
    country: Mapped[str] = mapped_column(sa.String(2))  # sent from
    role: Mapped[ParticipationRole] = mapped_column(
        one_of(ParticipationRole, "role"), default=ParticipationRole.PARTICIPANT
    )
    name_as_printed: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")  # what would help whoever verifies
    state: Mapped[ParticipationState] = mapped_column(
        one_of(ParticipationState, "state"), default=ParticipationState.CLAIMED
    )
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    decision_reason: Mapped[str] = mapped_column(sa.Text, default="")


class Block(Base):
    """One member does not want to meet another. It works in both directions and tells nobody."""

    __tablename__ = "blocks"
    __table_args__ = (
        sa.Index("ix_blocks_blocked", "blocked_id", "blocker_id"),
        sa.CheckConstraint("blocker_id <> blocked_id", name="not_oneself"),
    )

    blocker_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
