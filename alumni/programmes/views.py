"""Pages of the catalogue, open to everybody."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, render_template

from alumni.accounts.policy import can_administer
from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.programmes import queries
from alumni.programmes.queries import MOST_COHORTS, Surroundings
from alumni.web.gate import me, public
from alumni.web.templating import href

bp = Blueprint("programmes", __name__)


@dataclass
class FamilyOnPage:
    """A family with its programmes, what belongs to each, and the figures of the family as a whole."""

    slug: str
    name: str
    programmes: list[Any] = field(default_factory=list)
    children: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))
    figures: list[Any] = field(default_factory=list)


@bp.get("/programmes")
@public
def families() -> str:
    rows = db.session.execute(queries.in_order(queries.families_with_programmes())).all()
    figures = db.session.execute(queries.headline_figures()).all()
    headlines: dict[int, Any] = {}
    for figure in figures:
        if figure.programme_id is not None:
            headlines.setdefault(figure.programme_id, figure)
    return render_template(
        "programmes/families.html",
        families=_by_family(rows, figures),
        headlines=headlines,
        context=[figure for figure in figures if figure.programme_id is None and figure.family_id is None],
        can_edit=can_administer(me()),
    )


def _by_family(rows: Any, figures: Any) -> list[FamilyOnPage]:
    found: dict[int, FamilyOnPage] = {}
    for row in rows:
        family = found.setdefault(row.family_id, FamilyOnPage(row.family_slug, row.family_name))
        if row.id is not None and row.parent_id is None:
            family.programmes.append(row)
        elif row.id is not None:
            family.children[row.parent_id].append(row)
    for figure in figures:
        if figure.family_id is not None:
            found[figure.family_id].figures.append(figure)
    return list(found.values())


@bp.get("/programmes/<slug>")
@public
def show(slug: str) -> str:
    place = queries.arrange(db.session.execute(queries.relatives_of(slug)).all(), slug)
    if place is None:
        raise NotFound
    return render_template(
        "programmes/show.html",
        place=place,
        thread=_thread(place),
        rows=db.session.execute(queries.figures_of(slug)).all(),
        cohorts=db.session.execute(queries.cohorts_on_page(slug)).all(),
        most_cohorts=MOST_COHORTS,
        can_edit=can_administer(me()),
    )


def _thread(place: Surroundings) -> list[tuple[str, str, bool]]:
    return [(row.short, href("programmes.show", slug=row.slug), row is place.this) for row in place.line]
