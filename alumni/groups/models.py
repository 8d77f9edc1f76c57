"""What a group is: what one joins. Groups form a tree; `GroupPath` answers for whole branches in one read."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of
from alumni.core.tokens import new_key
from alumni.programmes.models import Bound


class GroupKind(StrEnum):
    COHORT = "cohort"
    ASSOCIATION = "association"
    UMBRELLA = "umbrella"
    CHAPTER = "chapter"
    INTEREST = "interest"


class JoinPolicy(StrEnum):
    OPEN = "open"  # any member
    REQUEST = "request"  # an organiser admits
    PARTICIPATION = "participation"  # a verified participation in the cohort
    INVITATION = "invitation"


class Visibility(StrEnum):
    """Who sees that the group exists. Who is in it is for those inside, always."""

    PUBLIC = "public"
    MEMBERS = "members"
    OWN = "own"


class MembershipState(StrEnum):
    INVITED = "invited"
    REQUESTED = "requested"
    ACTIVE = "active"
    LEFT = "left"
    REMOVED = "removed"


class Rhythm(StrEnum):
    """How often letters come."""

    AT_ONCE = "at once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


class Role(StrEnum):
    """What somebody does for a group, besides being in it."""

    ORGANISER = "organiser"  # runs it and what lies below
    OFFICER = "officer"  # a title, such as treasurer, without further rights
    RECORDS = "records"  # keeps minutes and registers
    MODERATOR = "moderator"  # hides what breaks the rules
    OBSERVER = "observer"


class Group(Base):
    __tablename__ = "groups"
    __table_args__ = (
        sa.Index("ix_groups_browse", "kind", "sort_key", "id"),
        sa.CheckConstraint("(kind = 'cohort') = (cohort_id IS NOT NULL)", name="cohort_has_cohort"),
        sa.CheckConstraint("members_count >= 0", name="members_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[GroupKind] = mapped_column(one_of(GroupKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(300))
    abbr: Mapped[str] = mapped_column(sa.String(40), default="")
    sort_key: Mapped[str] = mapped_column(sa.String(400))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id", ondelete="RESTRICT"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohorts.id", ondelete="RESTRICT"), unique=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="SET NULL"), index=True)
    country: Mapped[str] = mapped_column(sa.String(2), default="", index=True)
    year: Mapped[int | None]  # of the cohort, copied here to browse by
    founded: Mapped[str] = mapped_column(sa.String(10), default="")  # as exact as known
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    governance: Mapped[str] = mapped_column(sa.Text, default="")
    size_published: Mapped[int | None]
    size_bound: Mapped[Bound | None] = mapped_column(one_of(Bound, "size_bound"))
    size_of: Mapped[str] = mapped_column(sa.Text, default="")  # who is counted, and when
    is_former: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.Text, default="")
    join_policy: Mapped[JoinPolicy] = mapped_column(one_of(JoinPolicy, "join_policy"), default=JoinPolicy.REQUEST)
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility, "visibility"), default=Visibility.PUBLIC)
    join_question: Mapped[str] = mapped_column(sa.String(300), default="")  # asked of those who ask to be let in
    # Besides its programmes (`AdmittedProgramme`): where those live who join by their participation.
    admits_country: Mapped[str] = mapped_column(sa.String(2), default="")
    members_invite: Mapped[bool] = mapped_column(default=True)  # not its organisers alone
    admits_by_itself: Mapped[bool] = mapped_column(default=False)  # whoever fulfils that is in without asking
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # read, but closed
    members_count: Mapped[int] = mapped_column(default=0)  # active memberships, kept in their transaction
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class GroupPath(Base):
    """Every group below every group, itself included at depth 0."""

    __tablename__ = "group_paths"
    __table_args__ = (sa.Index("ix_group_paths_up", "descendant_id", "ancestor_id"),)

    ancestor_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    descendant_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    depth: Mapped[int]


class FurtherParent(Base):
    """A second line: a cohort that hangs under a national association as well."""

    __tablename__ = "further_parents"
    __table_args__ = (
        sa.Index("ix_further_parents_down", "parent_id", "group_id"),
        sa.CheckConstraint("group_id <> parent_id", name="not_itself"),
    )

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)


class FormerAddress(Base):
    """A slug that a group had. What leads there leads to the group."""

    __tablename__ = "former_addresses"

    slug: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True)


class AdmittedProgramme(Base):
    """A programme, or a family of them, a verified participation in which lets people into a group."""

    __tablename__ = "admitted_programmes"
    __table_args__ = (sa.CheckConstraint("(family_id IS NULL) <> (programme_id IS NULL)", name="one_of_two"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[int | None] = mapped_column(sa.ForeignKey("families.id", ondelete="CASCADE"), index=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), index=True)


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (
        sa.Index("ix_memberships_newest", "group_id", "state", "joined_at", "account_id"),
        sa.Index(
            "ix_memberships_at_once",
            *("group_id", "account_id"),
            sqlite_where=sa.text("rhythm = 'at once'"),
            postgresql_where=sa.text("rhythm = 'at once'"),
        ),
        sa.CheckConstraint("(state = 'active') = (joined_at IS NOT NULL)", name="active_since"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[MembershipState] = mapped_column(one_of(MembershipState, "state"))
    # Of letters about what is new here.
    rhythm: Mapped[Rhythm] = mapped_column(
        one_of(Rhythm, "rhythm"), default=Rhythm.WEEKLY, server_default=Rhythm.WEEKLY.value
    )
    is_by_rule: Mapped[bool] = mapped_column(default=False)  # came in by itself, and goes when the rule is met no more
    answer: Mapped[str] = mapped_column(sa.Text, default="")  # to the question of the group, while it waits
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    joined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    is_muted: Mapped[bool] = column_property(rhythm == Rhythm.NONE)


class Tenure(Base):
    """A role in a group for a term. Those that are over stay, as its history."""

    __tablename__ = "tenures"
    __table_args__ = (
        sa.Index("ix_tenures_group", "group_id", "role", "account_id"),
        sa.Index("ix_tenures_account", "account_id", "role", "group_id"),
        sa.Index("ix_tenures_end", "ends_on", "id"),
        sa.CheckConstraint("ends_on >= starts_on", name="term"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("groups.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    title: Mapped[str] = mapped_column(sa.String(120), default="")  # as the group calls it
    starts_on: Mapped[str] = mapped_column(sa.String(10))  # ISO dates; the last day counts
    ends_on: Mapped[str | None] = mapped_column(sa.String(10))
    appointed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # that it ends soon
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # before its last day
    end_reason: Mapped[str] = mapped_column(sa.Text, default="")
