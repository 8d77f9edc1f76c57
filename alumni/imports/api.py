"""Files on their way in as JSON: where they stand, their rows, committing and undoing. They are sent in the browser."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.paging import page
from alumni.imports import actions, queries
from alumni.imports.forms import RowForm, RowsForm
from alumni.rosters import actions as rosters_actions
from alumni.rosters import policy as rosters_policy
from alumni.rosters.models import RosterImport
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, logs_looks, me, scope
from alumni.web.openapi import takes

bp = Blueprint("imports_api", __name__, url_prefix="/api/v1")


@bp.get("/rosters/imports")
@scope("roster")
def imports() -> Response:
    """Files that came in, the newest first."""
    require(rosters_policy.can_see_rosters(me()), "officer")
    found = page(queries.imports(me()), queries.NEWEST_IMPORTS, after=api.after(), limit=api.limit())
    return api.list_json(found, import_json)


@bp.get("/rosters/imports/<key>")
@scope("roster")
def show_import(key: str) -> Response:
    """Where an import stands."""
    require(rosters_policy.can_see_rosters(me()), "officer")
    return _import(key)


@bp.get("/rosters/imports/<key>/rows")
@scope("roster")
@takes(RowsForm)
@logs_looks
def rows(key: str) -> Response:
    """What the file says, row by row, and what committing does with it."""
    made = _to_do(key)
    form = RowsForm(request.args)
    if not form.validate():
        return invalid_form(form)
    select = queries.rows_of_import(made, form.outcome.data)
    found = page(select, queries.BY_LINE, after=api.after(), limit=api.limit())
    rosters_actions.log_look(me(), f"import:{key}", rows=len(found.items))
    db.session.commit()
    return api.list_json(found, row_json)


@bp.post("/rosters/imports/<key>/rows/<row>")
@scope("roster")
@takes(RowForm)
def accept_row(key: str, row: str) -> Response:
    """Yes or no to a row that would change who a claimed entry is."""
    made, form = _to_do(key), json_form(RowForm)
    if not form.validate():
        return invalid_form(form)
    staged = queries.find_row(made, row)
    if staged is None:
        raise NotFound
    actions.accept_row(me(), made, staged, is_accepted=form.accept.data == "yes")
    db.session.commit()
    return _import(key)


@bp.post("/rosters/imports/<key>/commit")
@scope("roster")
def commit_import(key: str) -> tuple[Response, int]:
    actions.commit_import(me(), _to_do(key))
    db.session.commit()
    return _import(key), 202


@bp.post("/rosters/imports/<key>/undo")
@scope("roster")
def undo_import(key: str) -> tuple[Response, int]:
    actions.undo_import(me(), _to_do(key))
    db.session.commit()
    return _import(key), 202


@bp.delete("/rosters/imports/<key>")
@scope("roster")
def discard_import(key: str) -> tuple[str, int]:
    actions.discard_import(me(), _to_do(key))
    db.session.commit()
    return "", 204


def _to_do(key: str) -> RosterImport:
    require(rosters_policy.can_see_rosters(me()), "officer")
    made: RosterImport = get_or_404(queries.import_to_do(me(), key))
    return made


def _import(key: str) -> Response:
    return jsonify(import_json(get_or_404(queries.imports(me()).where(RosterImport.key == key))))


def import_json(made: Any) -> dict[str, Any]:
    return {
        "key": made.key,
        "programme": made.programme,
        "country": made.country,
        "file_name": made.file_name,
        "encoding": made.encoding,
        "state": made.state,
        "is_running": made.is_running,
        "problem": made.problem,
        "rows": made.rows,
        "line_done": made.line_done,
        "counts": made.counts,
        "created_at": made.created_at.isoformat(),
        "committed_at": made.committed_at.isoformat() if made.committed_at else None,
        "undone_at": made.undone_at.isoformat() if made.undone_at else None,
    }


def row_json(row: Any) -> dict[str, Any]:
    columns = ("key", "line", "outcome", "cohort", "entry", "country", "problems", "before", "is_accepted")
    return {name: getattr(row, name) for name in (*columns, *queries.COLUMNS) if name != "name_key"}
