"""The catalogue as JSON, open to everybody."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.paging import page
from alumni.programmes import queries
from alumni.web.api import after, limit, list_json
from alumni.web.gate import public

bp = Blueprint("programmes_api", __name__, url_prefix="/api/v1")


def programme_json(row: Any) -> dict[str, Any]:
    """A programme in a list."""
    return {
        "slug": row.slug,
        "kind": row.kind,
        "name": row.name,
        "short": row.short,
        "family": row.family_slug,
        "year_from": row.year_from,
        "year_to": row.year_to,
        "direction": row.direction,
        "countries": row.countries,
    }


def figure_json(row: Any) -> dict[str, Any]:
    """A published figure, with how to read it, who is counted and where it stands."""
    return {
        "value": row.value,
        "value_min": row.value_min,
        "value_max": row.value_max,
        "unit": row.unit,
        "bound": row.bound,
        "exclusive": row.is_exclusive,
        "planned": row.is_planned,
        "as_of": row.as_of,
        "period": row.period,
        "population": row.population,
        "quote": row.quote,
        "source": row.source,
    }


def cohort_json(row: Any) -> dict[str, Any]:
    """A cohort with the countries that sent it; a head count is null where it was not published."""
    return {
        "slug": row.slug,
        "title": row.title,
        "theme": row.theme,
        "direction": row.direction,
        "batch": row.batch,
        "year": row.year,
        "from": row.from_on,
        "to": row.to_on,
        "destination": row.destination,
        "countries": row.countries,
        "country_count": row.country_count,
        "head_count": row.head_count,
        "head_count_bound": row.head_count_bound,
        "head_count_of": row.head_count_of,
    }


@bp.get("/programmes")
@public
def programmes() -> Response:
    return list_json(page(queries.programmes(), queries.BY_FAMILY, after=after(), limit=limit()), programme_json)


@bp.get("/programmes/<slug>")
@public
def programme(slug: str) -> Response:
    place = queries.arrange(db.session.execute(queries.relatives_of(slug)).all(), slug)
    if place is None:
        raise NotFound
    this = place.this
    cohorts = db.session.execute(queries.cohorts_on_page(slug)).all()
    return jsonify(
        **programme_json(this),
        family_name=this.family_name,
        aliases=this.aliases,
        number=this.number,
        region=this.region,
        founding_countries=this.founding_countries,
        country_count=this.country_count,
        audience=this.audience,
        theme=this.theme,
        agencies=this.agencies,
        note=this.note,
        source=this.source,
        parent=place.parent.slug if place.parent else None,
        line=[row.slug for row in place.line],
        editions=[programme_json(row) for row in place.editions],
        parts=[programme_json(row) for row in place.others],
        figures=[figure_json(row) for row in db.session.execute(queries.figures_of(slug))],
        cohorts=[cohort_json(row) for row in cohorts[: queries.MOST_COHORTS]],
    )
