"""What is asked of the catalogue. It is public: nothing here depends on who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.programmes.models import Cohort, CohortCountry, Direction, Family, Figure, Programme, ProgrammeKind

NEWEST = (Key(Cohort.year, "year", descending=True), Key(Cohort.id, "id", descending=True))
BY_FAMILY = (Key(Family.position, "family_position"), Key(Programme.id, "id"))
MOST_COHORTS = 60  # on the page of a programme; the others are found under /cohorts
STEPS = 2  # of a line, shown before and after


class Composition(sa.types.TypeDecorator[dict[str, int | None]]):
    """`KH:11,LA:` as countries with their head counts, None where the number was not published."""

    impl = sa.Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Any) -> dict[str, int | None]:
        pairs = sorted(pair.split(":") for pair in (value or "").split(",") if pair)
        return {country: int(count) if count else None for country, count in pairs}


def _composition() -> sa.ColumnElement[Any]:
    """The countries of a cohort in one column, so that a list of cohorts is one query."""
    count = sa.func.coalesce(sa.cast(CohortCountry.head_count, sa.String), "")
    pairs = sa.func.aggregate_strings(CohortCountry.country + ":" + count, ",")
    select = sa.select(pairs).where(CohortCountry.cohort_id == Cohort.id).correlate(Cohort)
    return sa.type_coerce(select.scalar_subquery(), Composition()).label("countries")


# --- families and programmes


def families() -> sa.Select[Any]:
    """The families in the order of the catalogue."""
    return sa.select(Family.id, Family.slug, Family.name).order_by(Family.position, Family.id)


def _programme_columns() -> tuple[Any, ...]:
    return (
        Family.id.label("family_id"),
        Family.slug.label("family_slug"),
        Family.name.label("family_name"),
        Family.position.label("family_position"),
        Programme.id,
        Programme.slug,
        Programme.parent_id,
        Programme.predecessor_id,
        Programme.kind,
        Programme.name,
        Programme.short,
        Programme.aliases,
        Programme.position,
        Programme.number,
        Programme.year_from,
        Programme.year_to,
        Programme.from_on,
        Programme.to_on,
        Programme.region,
        Programme.countries,
        Programme.founding_countries,
        Programme.country_count,
        Programme.direction,
        Programme.audience,
        Programme.theme,
        Programme.agencies,
        Programme.note,
        Programme.source,
    )


def programmes() -> sa.Select[Any]:
    """Every programme with its family. Page it by `BY_FAMILY`, or sort it by `in_order`."""
    return sa.select(*_programme_columns()).join(Family, Family.id == Programme.family_id)


def families_with_programmes() -> sa.Select[Any]:
    """The same, with a row for a family that has no programme yet."""
    return sa.select(*_programme_columns()).select_from(Family).outerjoin(Programme, Programme.family_id == Family.id)


def in_order(select: sa.Select[Any]) -> sa.Select[Any]:
    """In the order of the catalogue: by family, what belongs to a programme right after it, each by its place."""
    parent = aliased(Programme)
    return select.outerjoin(parent, parent.id == Programme.parent_id).order_by(
        Family.position,
        Family.id,
        sa.func.coalesce(parent.position, Programme.position),
        sa.func.coalesce(parent.id, Programme.id),
        parent.id.is_not(None),
        Programme.position,
        Programme.id,
    )


def programmes_of_family(slug: str) -> sa.Select[Any]:
    """The programmes of one family, in order."""
    return in_order(programmes().where(Family.slug == slug))


def relatives_of(slug: str) -> sa.Select[Any]:
    """The programme with this slug and every other one of its family; none when there is no such programme."""
    family_id = sa.select(Programme.family_id).where(Programme.slug == slug).scalar_subquery()
    return in_order(programmes().where(Programme.family_id == family_id))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A programme in its family: what it belongs to, what came before and after, what belongs to it."""

    this: Any
    parent: Any | None
    line: Sequence[Any]  # oldest first, this one among them
    editions: Sequence[Any]
    others: Sequence[Any]  # batches, activities and projects that belong to it


def arrange(relatives: Sequence[Any], slug: str) -> Surroundings | None:
    """The surroundings of a programme, from the rows of `relatives_of`. None when it is not among them."""
    this = next((row for row in relatives if row.slug == slug), None)
    if this is None:
        return None
    by_id = {row.id: row for row in relatives}
    after = {row.predecessor_id: row for row in relatives if row.predecessor_id}
    earlier: list[Any] = []
    later: list[Any] = []
    first, last = this, this
    for _ in range(STEPS):
        if first := first and by_id.get(first.predecessor_id):
            earlier.insert(0, first)
        if last := last and after.get(last.id):
            later.append(last)
    children = [row for row in relatives if row.parent_id == this.id]
    return Surroundings(
        this=this,
        parent=by_id.get(this.parent_id),
        line=[*earlier, this, *later],
        editions=[row for row in children if row.kind == ProgrammeKind.EDITION],
        others=[row for row in children if row.kind != ProgrammeKind.EDITION],
    )


# --- figures


def _figure_columns() -> tuple[Any, ...]:
    return (
        Figure.slug,
        Figure.programme_id,
        Figure.family_id,
        Figure.value,
        Figure.value_min,
        Figure.value_max,
        Figure.unit,
        Figure.bound,
        Figure.is_exclusive,
        Figure.is_planned,
        Figure.is_in_seed,
        Figure.as_of,
        Figure.period,
        Figure.population,
        Figure.quote,
        Figure.source,
    )


def figures() -> sa.Select[Any]:
    """Published figures in the order of the catalogue, which puts the one that says most of a programme first."""
    return sa.select(*_figure_columns()).order_by(Figure.position, Figure.id)


def headline_figures() -> sa.Select[Any]:
    """Figures for the list of families: of people, of a whole family, or about the world."""
    return figures().where(sa.or_(Figure.unit == "persons", Figure.programme_id.is_(None)))


def figures_of(slug: str) -> sa.Select[Any]:
    """The published figures of one programme."""
    return figures().join(Programme, Programme.id == Figure.programme_id).where(Programme.slug == slug)


# --- cohorts


def cohorts() -> sa.Select[Any]:
    """Cohorts with the countries that sent them: `countries` is a dict of head counts."""
    return sa.select(
        Cohort.id,
        Cohort.slug,
        Cohort.programme_id,
        Cohort.edition_id,
        Cohort.title,
        Cohort.theme,
        Cohort.direction,
        Cohort.batch,
        Cohort.year,
        Cohort.from_on,
        Cohort.to_on,
        Cohort.destination,
        Cohort.place,
        Cohort.country_count,
        Cohort.head_count,
        Cohort.head_count_bound,
        Cohort.head_count_of,
        _composition(),
    )


def _newest_first(select: sa.Select[Any]) -> sa.Select[Any]:
    return select.order_by(Cohort.year.desc(), Cohort.from_on.desc(), Cohort.id)


def _of_programme(programme_id: Any) -> sa.ColumnElement[bool]:
    """Of the programme, or of an activity that took place in this edition."""
    return sa.or_(Cohort.programme_id == programme_id, Cohort.edition_id == programme_id)


def _sent_from(country: str) -> sa.ColumnElement[bool]:
    return there_is(CohortCountry, CohortCountry.cohort_id == Cohort.id, CohortCountry.country == country)


def cohorts_of(programme_id: int, country: str | None = None) -> sa.Select[Any]:
    """Cohorts of a programme or an edition, newest first; with `country`, those that it sent people to."""
    select = _newest_first(cohorts().where(_of_programme(programme_id)))
    return select.where(_sent_from(country)) if country else select


def cohorts_on_page(slug: str) -> sa.Select[Any]:
    """The newest cohorts of a programme, by its slug."""
    programme_id = sa.select(Programme.id).where(Programme.slug == slug).scalar_subquery()
    return _newest_first(cohorts().where(_of_programme(programme_id))).limit(MOST_COHORTS + 1)


# --- "which programme were you on?": family, then programme, then country


class SendsFrom(Protocol):
    """A row of `claimable_programmes`, or a `Programme`."""

    id: Any
    countries: Any
    direction: Any


def claimable_programmes(family_slug: str) -> sa.Select[Any]:
    """Programmes and editions of a family that one can have been on: not a series that has editions."""
    edition = aliased(Programme)
    has_editions = sa.exists().where(edition.parent_id == Programme.id, edition.kind == ProgrammeKind.EDITION)
    is_umbrella = sa.and_(Programme.kind == ProgrammeKind.SERIES, has_editions.correlate(Programme))
    return programmes_of_family(family_slug).where(sa.not_(is_umbrella))


def countries_of(programme: SendsFrom) -> list[str]:
    """Countries that the programme is known to take people from. Empty: not known, so any country may be right."""
    is_outbound = programme.direction == Direction.OUTBOUND
    if not programme.countries and not is_outbound:
        return []
    known = set() if is_outbound else set(programme.countries)
    if programme.direction in (Direction.OUTBOUND, Direction.BOTH):
        known.add("JP")
    sent = sa.select(CohortCountry.country).distinct().join(Cohort, Cohort.id == CohortCountry.cohort_id)
    return sorted(known | set(db.session.scalars(sent.where(_of_programme(programme.id)))))


def matching_cohorts(programme_id: int, country: str) -> sa.Select[Any]:
    """Cohorts in which somebody from this country can have been: those with it, and those of unknown composition."""
    unknown = sa.not_(there_is(CohortCountry, CohortCountry.cohort_id == Cohort.id))
    if country != "JP":
        unknown = sa.and_(unknown, Cohort.direction != Direction.OUTBOUND)
    return cohorts_of(programme_id).where(sa.or_(_sent_from(country), unknown))


# --- keys for the forms


def find_family(slug: str) -> Family | None:
    return db.session.scalar(sa.select(Family).where(Family.slug == slug))


def find_programme(slug: str) -> Programme | None:
    return db.session.scalar(sa.select(Programme).where(Programme.slug == slug))


def find_countries(cohort: Cohort) -> dict[str, int | None]:
    """How many each country sent to a cohort."""
    select = sa.select(CohortCountry.country, CohortCountry.head_count).where(CohortCountry.cohort_id == cohort.id)
    return {row.country: row.head_count for row in db.session.execute(select)}
