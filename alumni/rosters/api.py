"""Rosters as JSON, for officers in scope and admins."""

from typing import Any

from flask import Blueprint, Response

from alumni.core.errors import require
from alumni.core.paging import page
from alumni.rosters import policy, queries
from alumni.web import api
from alumni.web.gate import me

bp = Blueprint("rosters_api", __name__, url_prefix="/api/v1")


@bp.get("/rosters")
def rosters() -> Response:
    require(policy.can_see_rosters(me()), "officer")
    found = page(queries.rosters(me()), queries.NEWEST, after=api.after(), limit=api.limit())
    counts = queries.count_entries(me(), [row.id for row in found.items])
    return api.list_json(found, lambda row: roster_json(row, counts.get(row.id, {})))


def roster_json(roster: Any, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "cohort": roster.slug,
        "title": roster.title,
        "theme": roster.theme,
        "year": roster.year,
        "batch": roster.batch,
        "programme": roster.programme,
        "entries": counts,
    }
