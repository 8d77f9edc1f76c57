"""A round of teams with its task and deadline, the teams, their people, what they hand in, and comments on it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime
from alumni.core.tokens import new_key

LEAST_SIZE, LARGEST_SIZE = 2, 50


class TeamRound(Base):
    """Belongs to a group or to an event of one."""

    __tablename__ = "team_rounds"
    __table_args__ = (
        sa.CheckConstraint("(group_id IS NULL) <> (event_id IS NULL)", name="one_place"),
        sa.CheckConstraint(f"size BETWEEN {LEAST_SIZE} AND {LARGEST_SIZE}", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    task: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    deadline_at: Mapped[datetime] = mapped_column(UTCDateTime)
    zone: Mapped[str] = mapped_column(sa.String(64))  # in which the deadline is said
    size: Mapped[int] = mapped_column(default=6)  # people in a team at most
    forms_itself: Mapped[bool] = mapped_column(default=True)  # members found and join teams; else organisers place them
    opens_after: Mapped[bool] = mapped_column(default=True)  # after the deadline all inside read what was handed in
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Team(Base):
    __tablename__ = "teams"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "name", name="uq_teams_name"),
        sa.CheckConstraint(f"people BETWEEN 0 AND {LARGEST_SIZE}", name="people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("team_rounds.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(120))
    topic: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")  # of a topic group
    chair_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"), index=True)
    people: Mapped[int] = mapped_column(default=0)  # kept in the transaction of coming and going
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    idea: Mapped[str] = mapped_column(sa.Text, default="")  # as it is being written, Markdown
    edits: Mapped[int] = mapped_column(default=0)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the latest version
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class TeamMember(Base):
    """One team for each person in a round."""

    __tablename__ = "team_members"
    __table_args__ = (sa.Index("ix_team_members_team", "team_id", "account_id"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("team_rounds.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"))


class TeamVersion(Base):
    """What was handed in; each time anew, and the ones before stay."""

    __tablename__ = "team_versions"

    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    idea: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    handed_in_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Mentor(Base):
    """Reads and comments on all teams of a round."""

    __tablename__ = "mentors"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("team_rounds.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TeamComment(Base):
    __tablename__ = "team_comments"
    __table_args__ = (sa.Index("ix_team_comments_team", "team_id", "made_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("members.account_id", ondelete="SET NULL"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
