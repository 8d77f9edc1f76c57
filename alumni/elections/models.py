"""What an election is: a post to fill, candidates, who may vote, who has voted, and ballots without voters."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, WallTime, one_of
from alumni.core.tokens import new_key


class ElectionState(StrEnum):
    ANNOUNCED = "announced"  # candidates are named
    OPEN = "open"  # the roll is fixed, votes are cast
    COUNTED = "counted"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    ELECTED = "elected"
    TIED = "tied"  # several have the most votes
    NO_QUORUM = "no_quorum"
    NO_VOTES = "no_votes"  # no candidate has a vote
    NO_CANDIDATES = "no_candidates"


class CandidateState(StrEnum):
    NAMED = "named"  # by somebody else, and has not answered
    STANDING = "standing"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STRUCK = "struck"  # by the election officer, with a reason


class Election(Base):
    __tablename__ = "elections"
    __table_args__ = (
        sa.Index("ix_elections_group", "group_id", "opens_at", "id"),
        sa.Index("ix_elections_state", "state", "opens_at"),
        sa.Index("ix_elections_closing", "state", "closes_at"),
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("term_to >= term_from", name="term"),
        sa.CheckConstraint("quorum BETWEEN 0 AND 100", name="quorum"),
        sa.CheckConstraint("(state = 'counted') = (outcome IS NOT NULL)", name="counted_has_outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    again_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("elections.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))  # the post to fill
    role: Mapped[str] = mapped_column(sa.Text, default="")  # what whoever is elected does
    term_from: Mapped[str] = mapped_column(sa.String(10))  # ISO dates; the last day counts
    term_to: Mapped[str] = mapped_column(sa.String(10))
    joined_by: Mapped[str] = mapped_column(sa.String(10))  # members since this day or earlier may vote
    quorum: Mapped[int]  # percent of the roll
    zone: Mapped[str] = mapped_column(sa.String(64))
    wall_opens: Mapped[datetime] = mapped_column(WallTime)  # what was promised; the instants follow from it
    wall_closes: Mapped[datetime] = mapped_column(WallTime)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[ElectionState] = mapped_column(one_of(ElectionState, "state"), default=ElectionState.ANNOUNCED)
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    officer_name: Mapped[str] = mapped_column(sa.String(200))  # as the group knows them
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    roll_count: Mapped[int] = mapped_column(default=0)  # when it opened
    told_up_to: Mapped[int] = mapped_column(
        default=0
    )  # the account that the last letter of the opening was promised to
    cast_count: Mapped[int] = mapped_column(default=0)  # this and what follows: when it was counted
    blank_count: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "outcome"))
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it was called off, or why a tie was decided so
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # a tie, by an organiser
    appointed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Candidate(Base):
    __tablename__ = "election_candidates"
    __table_args__ = (sa.UniqueConstraint("election_id", "account_id", name="uq_election_candidates_account"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    election_id: Mapped[int] = mapped_column(sa.ForeignKey("elections.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    named_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")  # on the ballot, as they agreed to it
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[CandidateState] = mapped_column(one_of(CandidateState, "state"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why struck
    votes: Mapped[int | None]  # once counted
    is_elected: Mapped[bool] = mapped_column(default=False)


class RollEntry(Base):
    """Somebody who may vote: written when voting opens, and never again."""

    __tablename__ = "election_roll"

    election_id: Mapped[int] = mapped_column(sa.ForeignKey("elections.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Voted(Base):
    """Who of the roll has voted. That there can be only one such row is what settles a second vote."""

    __tablename__ = "election_voted"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["election_id", "account_id"],
            ["election_roll.election_id", "election_roll.account_id"],
            name="fk_election_voted_roll",
            ondelete="CASCADE",
        ),
    )

    election_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)


class Ballot(Base):
    """What lies in the box: a choice and the digest of a receipt. No voter, no time, and an id that says no order."""

    __tablename__ = "election_ballots"
    __table_args__ = (sa.UniqueConstraint("election_id", "receipt", name="uq_election_ballots_receipt"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    election_id: Mapped[int] = mapped_column(sa.ForeignKey("elections.id", ondelete="CASCADE"))
    candidate_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("election_candidates.id", ondelete="NO ACTION"), index=True
    )  # none: blank
    receipt: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the code that the voter was given
