"""Finding groups: which there are, and by what one finds them."""

from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core import text
from alumni.core.db import db, there_is
from alumni.core.names import sort_key
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy
from alumni.groups.models import Group, GroupKind
from alumni.programmes.models import Cohort, CohortCountry, Programme

BY_NAME = (Key(Group.sort_key, "sort_key"), Key(Group.id, "id"))
_NOTHING: sa.ColumnElement[str] = sa.literal_column("''")


@dataclass(frozen=True, slots=True)
class Filters:
    """What one browses groups by. Empty: not asked."""

    kind: str = ""
    programme: str = ""
    country: str = ""
    year: int | None = None
    q: str = ""

    def asked(self) -> dict[str, Any]:
        """The filters that are set, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Choice:
    name: str  # of the filter
    value: str
    label: str
    groups: int = 0  # how many have it under the other filters; not counted where cohorts are found


def browse_groups(viewer: Viewer, filters: Filters) -> sa.Select[Any]:
    """Rows of the list of groups. Page it by `BY_NAME`."""
    select = sa.select(
        Group.id,
        Group.slug,
        Group.sort_key,
        Group.kind,
        Group.name,
        Group.abbr,
        Group.country,
        Group.year,
        Group.is_former,
        Group.members_count,
        Group.size_published,
        Group.size_bound,
        Programme.slug.label("programme_slug"),
        Programme.short.label("programme_name"),
        Cohort.head_count,
        Cohort.head_count_bound,
    )
    select = select.outerjoin(Programme, Programme.id == Group.programme_id)
    select = select.outerjoin(Cohort, Cohort.id == Group.cohort_id)
    return select.where(policy.visible_to(viewer), *_clauses(filters).values())


def _clauses(filters: Filters) -> dict[str, sa.ColumnElement[bool]]:
    made: dict[str, sa.ColumnElement[bool]] = {}
    if filters.kind:
        made["kind"] = Group.kind == GroupKind(filters.kind)
    if filters.programme:
        made["programme"] = _of_programme(filters.programme)
    if filters.country:
        sent_from = there_is(
            CohortCountry, CohortCountry.cohort_id == Group.cohort_id, CohortCountry.country == filters.country
        )
        made["country"] = sa.or_(Group.country == filters.country, sent_from)
    if filters.year:
        made["year"] = Group.year == filters.year
    if filters.q:
        made["q"] = sa.and_(*(_has_word(word) for word in filters.q.split()[:6]))
    return made


def _but(clauses: dict[str, sa.ColumnElement[bool]], name: str) -> list[sa.ColumnElement[bool]]:
    """All clauses but one."""
    return [clause for other, clause in clauses.items() if other != name]


def _of_programme(slug: str) -> sa.ColumnElement[bool]:
    """Of the programme itself, or of an edition of the series."""
    programme, series = aliased(Programme), aliased(Programme)
    return Group.programme_id.in_(
        sa.select(programme.id)
        .outerjoin(series, series.id == programme.parent_id)
        .where(sa.or_(programme.slug == slug, series.slug == slug))
    )


def _has_word(word: str) -> sa.ColumnElement[bool]:
    """The sort key holds the letters of the name without case and accents, the same on both engines."""
    return sa.or_(
        Group.sort_key.contains(_letters(word), autoescape=True),
        sa.func.lower(Group.abbr).contains(word.lower(), autoescape=True),
        sa.func.lower(Group.name).contains(word.lower(), autoescape=True),
    )


def _letters(word: str) -> str:
    """The part of a sort key that stands before the accents and the case: up to the first weight 0000."""
    key = sort_key(text.fold(word))
    weights = [key[i : i + 4] for i in range(0, len(key), 4)]
    return "".join(weights[: weights.index("0000")] if "0000" in weights else weights)


def list_choices(viewer: Viewer, filters: Filters) -> list[Choice]:
    """What there is to filter by: each filter with the values that groups under the other filters have."""
    return [Choice(*row) for row in db.session.execute(_choices(viewer, filters))]


def list_cohort_choices(viewer: Viewer) -> tuple[Any, ...]:
    """What there is to find a cohort by, as rows like `Choice`: as quick with ten thousand cohorts as with ten."""
    return tuple(_cohort_choices(viewer).all())


@ready()
def _cohort_choices(viewer: Viewer) -> sa.CompoundSelect[Any]:
    place = aliased(Group)
    years = _walk(Cohort.year, _has_cohort_group(viewer, Group.cohort_id == Cohort.id))
    sent_from = _walk(CohortCountry.country, _has_cohort_group(viewer, Group.cohort_id == CohortCountry.cohort_id))
    own = _walk(place.country, _has_cohort_group(viewer, Group.id == place.id), place.country != "")

    def rows(name: str, value: Any, label: Any = _NOTHING) -> sa.Select[Any]:
        named: sa.ColumnElement[str] = sa.literal_column(f"'{name}'")
        return sa.select(named.label("name"), value.label("value"), label.label("label"))

    union = sa.union(
        rows("programme", Programme.slug, Programme.short).where(
            _has_cohort_group(viewer, Group.programme_id == Programme.id)
        ),
        rows("year", sa.cast(years, sa.String)).where(years.is_not(None)),
        rows("country", sent_from).where(sent_from.is_not(None)),
        rows("country", own).where(own.is_not(None)),
    )
    return union.order_by("name", "label", "value")


def _has_cohort_group(viewer: Viewer, of: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return there_is(Group, of, Group.kind == GroupKind.COHORT, policy.visible_to(viewer))


def _walk(column: Any, *rules: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    """The values of a column, from each to the next along its index: as many steps as there are values."""

    def next_one(*beyond: sa.ColumnElement[bool]) -> Any:
        return sa.select(column).where(*rules, *beyond).order_by(column).limit(1).scalar_subquery()

    values = sa.select(next_one().label("value")).cte(recursive=True)
    further = next_one(column > values.c.value)
    return values.union_all(sa.select(further).select_from(values).where(values.c.value.is_not(None))).c.value


def _choices(viewer: Viewer, filters: Filters) -> sa.CompoundSelect[Any]:
    asked = _clauses(filters)

    def rows(name: str, value: Any, label: Any = _NOTHING) -> sa.Select[Any]:
        named: sa.ColumnElement[str] = sa.literal_column(f"'{name}'")
        columns = (named.label("name"), sa.cast(value, sa.String).label("value"), label.label("label"))
        counted = sa.select(*columns, sa.func.count().label("groups"))
        return counted.where(policy.visible_to(viewer), *_but(asked, name)).group_by(
            value, *([] if label is _NOTHING else [label])
        )

    # A cohort is of its own country and of those that sent people to it, and counts once in each.
    places = sa.union(
        sa.select(Group.country, Group.id).where(
            Group.country != "", policy.visible_to(viewer), *_but(asked, "country")
        ),
        sa.select(CohortCountry.country, Group.id)
        .join(Group, Group.cohort_id == CohortCountry.cohort_id)
        .where(policy.visible_to(viewer), *_but(asked, "country")),
    ).subquery()
    named: sa.ColumnElement[str] = sa.literal_column("'country'")
    countries = sa.select(named.label("name"), places.c.country, _NOTHING.label("label"), sa.func.count())
    union = sa.union_all(
        rows("kind", Group.kind).select_from(Group),
        rows("programme", Programme.slug, Programme.short).join(Group, Group.programme_id == Programme.id),
        rows("year", Group.year).where(Group.year.is_not(None)),
        countries.group_by(places.c.country),
    )
    return union.order_by("name", "label", "value")


def find_what_to_drop(viewer: Viewer, filters: Filters) -> list[str]:
    """Of the filters that together find nothing, those without which there would be something."""
    clauses = _clauses(filters)
    if not clauses:
        return []
    without = {name: there_is(Group, policy.visible_to(viewer), *_but(clauses, name)) for name in clauses}
    row = db.session.execute(sa.select(*(clause.label(name) for name, clause in without.items()))).one()
    return [name for name in clauses if getattr(row, name)]


def find_programme_name(slug: str) -> str | None:
    return db.session.scalar(sa.select(Programme.short).where(Programme.slug == slug))
