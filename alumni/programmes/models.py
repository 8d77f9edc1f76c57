"""What the catalogue is: families > programmes > editions > cohorts, and the figures published of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from alumni.core import clock
from alumni.core.db import Base, UTCDateTime, one_of


class ProgrammeKind(StrEnum):
    PROGRAMME = "programme"
    SERIES = "series"
    EDITION = "edition"
    BATCH = "batch"
    ACTIVITY = "activity"
    PROJECT = "project"


class Direction(StrEnum):
    INBOUND = "inbound"  # invited to Japan
    OUTBOUND = "outbound"  # dispatched from Japan
    BOTH = "both"


class Bound(StrEnum):
    """How to read a published value. `more than` is not `about`."""

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    EXPECTED = "expected"


def fiscal_year(text: str) -> int:
    """The Japanese fiscal year (April to March) of a date as exact as known; a bare year stands for itself."""
    if text.startswith("FY"):
        return int(text[2:])
    year, *rest = (int(part) for part in text.split("-"))
    return year - 1 if rest and rest[0] < 4 else year


class Family(Base):
    __tablename__ = "families"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(300))
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(sa.Text, default="")


class Programme(Base):
    """A programme, a series, an edition or a batch; `parent` is the series or programme it belongs to."""

    __tablename__ = "programmes"
    __table_args__ = (sa.CheckConstraint("year_to IS NULL OR year_to >= year_from", name="years"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    once: Mapped[str | None] = mapped_column(sa.String(16), unique=True)  # key of the form that made it
    family_id: Mapped[int] = mapped_column(sa.ForeignKey("families.id", ondelete="RESTRICT"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="RESTRICT"), index=True)
    predecessor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="SET NULL"), index=True)
    kind: Mapped[ProgrammeKind] = mapped_column(one_of(ProgrammeKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(300))
    short: Mapped[str] = mapped_column(sa.String(120))
    aliases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)  # order in its family, or of an edition in its series
    number: Mapped[int | None]  # of a batch
    year_from: Mapped[int | None]
    year_to: Mapped[int | None]
    from_on: Mapped[str | None] = mapped_column(sa.String(10))  # of a short activity, as exact as known
    to_on: Mapped[str | None] = mapped_column(sa.String(10))
    region: Mapped[str] = mapped_column(sa.Text, default="")
    countries: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # ISO 3166-1 alpha-2
    founding_countries: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    country_count: Mapped[int | None]  # where the source gives only how many
    direction: Mapped[Direction | None] = mapped_column(one_of(Direction, "direction"))
    audience: Mapped[str] = mapped_column(sa.Text, default="")
    theme: Mapped[str] = mapped_column(sa.Text, default="")
    agencies: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class Cohort(Base):
    """People who took part together: programme + year or edition + batch + country + theme + group letter."""

    __tablename__ = "cohorts"
    __table_args__ = (
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates"),
        sa.CheckConstraint("head_count IS NULL OR head_count >= 0", name="head_count"),
        sa.Index("ix_cohorts_programme_id_year", "programme_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    once: Mapped[str | None] = mapped_column(sa.String(16), unique=True)  # key of the form that made it
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id", ondelete="RESTRICT"))
    # The edition in which an activity took place: a conference of JENESYS2018.
    edition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    theme: Mapped[str] = mapped_column(sa.Text, default="")
    direction: Mapped[Direction] = mapped_column(one_of(Direction, "direction"), default=Direction.INBOUND)
    batch: Mapped[int | None]
    year: Mapped[int] = mapped_column(index=True)  # Japanese fiscal year (April to March) in which it began
    from_on: Mapped[str | None] = mapped_column(sa.String(10))  # ISO 8601 as exact as known: 2017-05 or 2017-05-02
    to_on: Mapped[str | None] = mapped_column(sa.String(10))
    destination: Mapped[str | None] = mapped_column(sa.String(2))
    audience: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(300), default="")
    country_count: Mapped[int | None]  # where the source gives only how many
    head_count: Mapped[int | None]
    head_count_bound: Mapped[Bound] = mapped_column(one_of(Bound, "head_count_bound"), default=Bound.EXACT)
    head_count_of: Mapped[str] = mapped_column(sa.Text, default="")  # who is counted
    parts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)  # letters used on the spot: A, B, C ...
    part_count: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class CohortCountry(Base):
    """How many a country sent to a cohort; null where it took part and the number was not published."""

    __tablename__ = "cohort_countries"
    __table_args__ = (sa.Index("ix_cohort_countries_country", "country", "cohort_id"),)

    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    head_count: Mapped[int | None]


class Figure(Base):
    """A published figure, never shown without who is counted and where it stands. Never added up.

    It is of a programme, of a whole family, or, with neither, about the world.
    """

    __tablename__ = "figures"
    __table_args__ = (
        sa.CheckConstraint(
            "(value IS NOT NULL) <> (value_min IS NOT NULL AND value_max IS NOT NULL)", name="value_or_range"
        ),
        sa.CheckConstraint("programme_id IS NULL OR family_id IS NULL", name="programme_or_family"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programmes.id", ondelete="CASCADE"), index=True)
    family_id: Mapped[int | None] = mapped_column(sa.ForeignKey("families.id", ondelete="CASCADE"), index=True)
    value: Mapped[int | None] = mapped_column(sa.BigInteger)
    value_min: Mapped[int | None] = mapped_column(sa.BigInteger)
    value_max: Mapped[int | None] = mapped_column(sa.BigInteger)
    unit: Mapped[str] = mapped_column(sa.String(32), default="persons")
    bound: Mapped[Bound] = mapped_column(one_of(Bound, "bound"), default=Bound.EXACT)
    is_exclusive: Mapped[bool] = mapped_column(default=False)  # the limit itself is outside: "under 35"
    is_planned: Mapped[bool] = mapped_column(default=False)
    is_in_seed: Mapped[bool] = mapped_column(default=False)  # quoted word for word from a founding document
    as_of: Mapped[str] = mapped_column(sa.String(32), default="")
    period: Mapped[str] = mapped_column(sa.Text, default="")
    population: Mapped[str] = mapped_column(sa.Text, default="")  # who is counted
    quote: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[str] = mapped_column(sa.Text)
    position: Mapped[int] = mapped_column(default=0)


class CatalogueEntry(Base):
    """What the files of the catalogue said of a thing when they were last loaded.

    A thing whose entry has not changed is left alone, so what an admin edited since then stays.
    """

    __tablename__ = "catalogue_entries"

    kind: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
