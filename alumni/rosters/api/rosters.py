"""Rosters as JSON, for officers in scope and admins."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.rosters import actions, policy, queries
from alumni.rosters.forms import EntriesForm
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.gate import get_or_404, logs_looks, me, scope
from alumni.web.openapi import takes

bp = Blueprint("rosters_api", __name__, url_prefix="/api/v1")


@bp.get("/rosters")
@scope("roster")
def rosters() -> Response:
    require(policy.can_see_rosters(me()), "officer")
    found = page(queries.rosters(me()), queries.NEWEST, after=api.after(), limit=api.limit())
    counts = queries.count_entries(me(), [row.id for row in found.items])
    return api.list_json(found, lambda row: roster_json(row, counts.get(row.id, {})))


@bp.get("/rosters/cohorts/<slug>/entries")
@scope("roster")
@takes(EntriesForm)
@logs_looks
def roster(slug: str) -> Response:
    """Who was awarded a place in a cohort."""
    require(policy.can_see_rosters(me()), "officer")
    cohort = get_or_404(queries.visible_roster(me(), slug))
    form = EntriesForm(request.args)
    if not form.validate():
        return invalid_form(form)
    select = queries.entries_of(me(), cohort.id, **form.data)
    entries = page(select, queries.BY_NAME, after=api.after(), limit=api.limit())
    actions.log_look(me(), f"cohort:{slug}", rows=len(entries.items))
    db.session.commit()
    return api.list_json(entries, entry_json)


@bp.get("/rosters/entries/<key>")
@scope("roster")
@logs_looks
def entry(key: str) -> Response:
    """One award, with all that the list says of it."""
    require(policy.can_see_rosters(me()), "officer")
    row = get_or_404(queries.visible_entries(me(), key=key))
    actions.log_look(me(), f"entry:{key}", rows=1)
    db.session.commit()
    return jsonify(entry_json(row))


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


def entry_json(entry: Any) -> dict[str, Any]:
    columns = ("key", *queries.TABLE, "cohort_title", "programme", "extra", "line")
    return {name: getattr(entry, name) for name in columns} | {
        "import": entry.import_key,
        "updated_at": entry.updated_at.isoformat(),
    }
