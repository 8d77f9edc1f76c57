"""What a member is: a profile with an audience for each field, the listings made from it, participations."""

from datetime import datetime
from enum import StrEnum
from typing import Any

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


class Standing(StrEnum):
    """What somebody is to the network of a programme."""

    GRADUATE = "graduate"
    CURRENT = "current"  # is there now
    COMPANY = "company"  # of a company that receives interns
    VOLUNTEER = "volunteer"  # a former JOCV or Nikkei volunteer
    HOST = "host"  # a host family or a teacher
    OFFICER = "officer"  # of an agency or a mission


class ParticipationState(StrEnum):
    CLAIMED = "claimed"
    ASKED = "asked"  # more information was asked for
    VERIFIED = "verified"
    DECLINED = "declined"
    REVOKED = "revoked"


class Segment(StrEnum):
    """What somebody is in public life, as the programmes count it."""

    STUDENT = "student"
    OFFICIAL = "official"
    BUSINESS = "business"
    RESEARCHER = "researcher"
    TEACHER = "teacher"
    JOURNALIST = "journalist"
    CIVIL_SOCIETY = "civil_society"
    ARTS = "arts"
    SPORT = "sport"


class WorkField(StrEnum):
    """What somebody works or studies in: short enough to choose from on a phone."""

    AGRICULTURE = "agriculture"
    ARTS = "arts"
    BUSINESS = "business"
    ECONOMICS = "economics"
    EDUCATION = "education"
    ENERGY = "energy"
    ENGINEERING = "engineering"
    ENVIRONMENT = "environment"
    GOVERNMENT = "government"
    HEALTH = "health"
    IT = "it"
    LANGUAGES = "languages"
    LAW = "law"
    MEDIA = "media"
    PEACE = "peace"
    SCIENCE = "science"
    SPORTS = "sports"
    TOURISM = "tourism"
    TRANSPORT = "transport"
    WELFARE = "welfare"


class Level(StrEnum):
    """How well somebody knows a language: the levels of the JLPT for Japanese, words for the others."""

    BASIC = "basic"
    GOOD = "good"
    FLUENT = "fluent"
    NATIVE = "native"
    N5 = "N5"
    N4 = "N4"
    N3 = "N3"
    N2 = "N2"
    N1 = "N1"


# The parts of a profile that have an audience of their own.
FIELDS = (
    "name",
    "former_names",
    "picture",
    "place",
    "nationality",
    "community",
    "work",
    "career",
    "about",
    "languages",
    "offers",
    "programmes",
    "contact",
)


def _audience(field: str, first: Audience = Audience.GROUPS) -> Mapped[Audience]:
    return mapped_column(one_of(Audience, f"{field}_audience"), default=first, server_default=first.value)


class Member(Base):
    """The person behind an account. Each part has its audience; nothing is public until chosen."""

    __tablename__ = "members"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)

    name: Mapped[str] = mapped_column(sa.String(200))  # own script, in the order the owner writes it
    name_romanised: Mapped[str] = mapped_column(sa.String(200), default="")
    name_reading: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")  # in kana
    family_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")  # a part of the name
    call_me: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    name_audience: Mapped[Audience] = _audience("name", Audience.MEMBERS)

    former_names: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # one a line
    former_names_audience: Mapped[Audience] = _audience("former_names", Audience.ONLY_ME)

    picture: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")  # its name in the store
    picture_audience: Mapped[Audience] = _audience("picture")

    country: Mapped[str] = mapped_column(sa.String(2), default="")  # of residence
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    place_audience: Mapped[Audience] = _audience("place")

    nationality: Mapped[str] = mapped_column(sa.String(2), default="", server_default="")
    nationality_audience: Mapped[Audience] = _audience("nationality", Audience.ONLY_ME)

    community: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")  # of Nikkei: a town, a kaikan
    community_audience: Mapped[Audience] = _audience("community")

    headline: Mapped[str] = mapped_column(sa.String(200), default="")  # what I do, in one line
    segment: Mapped[Segment | None] = mapped_column(one_of(Segment, "segment"))
    work_field: Mapped[WorkField | None] = mapped_column(one_of(WorkField, "work_field"))
    employer: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    work_audience: Mapped[Audience] = _audience("work")

    career_audience: Mapped[Audience] = _audience("career")

    bio: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # Markdown
    links: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
    about_audience: Mapped[Audience] = _audience("about")

    languages: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list, server_default="[]")  # [["ja", "N2"]]
    languages_audience: Mapped[Audience] = _audience("languages")

    offers: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")  # slugs of `Offer`
    looks_for: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
    offers_audience: Mapped[Audience] = _audience("offers")

    programmes_audience: Mapped[Audience] = _audience("programmes")  # where, when and as what I took part

    contact: Mapped[str] = mapped_column(sa.String(300), default="")  # how to reach me; never public
    contact_audience: Mapped[Audience] = _audience("contact", Audience.ONLY_ME)

    is_listed: Mapped[bool] = mapped_column(default=True, server_default=sa.true())  # false: has left the directory
    born_on: Mapped[str | None] = mapped_column(sa.String(10))  # seen by nobody else; the young are not listed
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # by a moderator: a person at risk
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)

    __table_args__ = (
        sa.CheckConstraint("contact_audience <> 'public'", name="contact_is_never_public"),
        sa.Index("ix_members_born_on", "born_on"),
        sa.Index("ix_members_picture", "picture"),
    )


class ProfileCheck(Base):
    """When somebody was asked whether their profile is still right, and when they said so."""

    __tablename__ = "profile_checks"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CareerKind(StrEnum):
    WORK = "work"
    STUDY = "study"


class CareerEntry(Base):
    """One station of somebody's work or studies."""

    __tablename__ = "career_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_key)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), index=True)
    kind: Mapped[CareerKind] = mapped_column(one_of(CareerKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(200))  # what I was, or studied
    organisation: Mapped[str] = mapped_column(sa.String(200), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    year_from: Mapped[int] = mapped_column()
    year_to: Mapped[int | None] = mapped_column()  # None: to this day


class Offer(Base):
    """Something that members offer or look for: a short list that admins edit."""

    __tablename__ = "offers"

    slug: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(sa.JSON)  # by language; "en" is always there
    position: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # kept, but not chosen any more


class Listing(Base):
    """What one audience may see of a member. Pages, lists, search and the API read this and nothing else.

    A member has no row for an audience that may not see the name.
    """

    __tablename__ = "listings"
    __table_args__ = (
        sa.Index("ix_listings_handle", "handle", "audience"),
        sa.Index("ix_listings_picture", "picture"),
        sa.CheckConstraint("audience <> 'public' OR contact = ''", name="contact_is_never_public"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"), primary_key=True)
    handle: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(200))
    name_romanised: Mapped[str] = mapped_column(sa.String(200), default="")
    picture: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    headline: Mapped[str] = mapped_column(sa.String(200), default="")
    programme_line: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")  # where last
    offers: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # slugs, a space between them
    other_names: Mapped[str] = mapped_column(sa.Text, default="", server_default="")  # one a line
    # Participations, latest first: programme, programme_name, cohort, cohort_title, year, country, role, standing
    programmes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    contact: Mapped[str] = mapped_column(sa.String(300), default="")
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict, server_default="{}")  # the rest of the page


# Beginnings of words are ranges of the index, whatever the collation of the database.
BY_BYTES = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")


class Term(Base):
    """Something by which the directory finds people, and how many it finds: a word of a name, a country, a programme.

    One for each audience that finds people by it; `facet` is a name of `FACETS`, `name` or `all`.
    """

    __tablename__ = "terms"
    __table_args__ = (
        sa.UniqueConstraint("audience", "facet", "term", name="uq_terms_term"),
        sa.Index("ix_terms_most", "audience", "facet", "people"),
        sa.CheckConstraint("people >= 0", name="people_is_a_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"))
    facet: Mapped[str] = mapped_column(sa.String(12))
    term: Mapped[str] = mapped_column(BY_BYTES)
    people: Mapped[int] = mapped_column(default=0, server_default="0")


class Posting(Base):
    """One person under one term, in the orders in which lists are read."""

    __tablename__ = "postings"
    __table_args__ = (
        sa.Index("ix_postings_name", "term_id", "sort_key", "account_id"),
        sa.Index("ix_postings_kana", "term_id", "sort_kana", "account_id"),
        sa.Index("ix_postings_account", "account_id", "term_id"),  # a person's terms are counted from it alone
    )

    term_id: Mapped[int] = mapped_column(sa.ForeignKey("terms.id", ondelete="RESTRICT"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("members.account_id", ondelete="CASCADE"), primary_key=True)
    sort_key: Mapped[bytes] = mapped_column(sa.LargeBinary)  # by the Latin form of the name
    sort_kana: Mapped[bytes] = mapped_column(sa.LargeBinary)  # by its reading, or as it is written


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
    standing: Mapped[Standing] = mapped_column(
        one_of(Standing, "standing"), default=Standing.GRADUATE, server_default=Standing.GRADUATE.value
    )
    host_town: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")  # where I stayed in Japan
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
