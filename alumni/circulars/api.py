"""Circulars as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.circulars import actions, policy, queries
from alumni.circulars.forms import CircularForm, PlanForm
from alumni.circulars.models import Circular, CircularState
from alumni.circulars.steps import figures, find, prepared, readers_of, with_zones
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import me
from alumni.web.openapi import takes

bp = Blueprint("circulars_api", __name__, url_prefix="/api/v1")


@bp.get("/circulars")
def circulars() -> Response:
    require(policy.can_write(me()), "organiser")
    found = page(queries.circulars_of(me()), queries.NEWEST, after=api.after(), limit=api.limit())
    items = [{"key": row.key, "title": row.title, "state": row.state, "promised": row.promised} for row in found.items]
    return jsonify(items=items, next=found.next)


@bp.post("/circulars")
@takes(CircularForm)
def write() -> Response | tuple[Response, int]:
    require(policy.can_write(me()), "organiser")
    form = prepared(json_form(CircularForm), me())
    if not form.validate():
        return invalid_form(form)
    circular = actions.write_circular(actor=me(), key=form.key, draft=form.draft())
    db.session.commit()
    return _one(circular), 201


@bp.get("/circulars/<key>")
def show(key: str) -> Response:
    return _one(find(me(), key))


@bp.put("/circulars/<key>")
@takes(CircularForm)
def edit(key: str) -> Response | tuple[Response, int]:
    circular = find(me(), key)
    require(policy.can_edit(me(), circular), "author")
    form = prepared(json_form(CircularForm), me())
    if not form.validate():
        return invalid_form(form)
    actions.edit_circular(actor=me(), circular=circular, draft=form.draft())
    db.session.commit()
    return _one(circular)


@bp.post("/circulars/<key>/test")
def try_it(key: str) -> tuple[str, int]:
    actions.try_circular(actor=me(), circular=find(me(), key))
    db.session.commit()
    return "", 204


@bp.post("/circulars/<key>/plan")
@takes(PlanForm)
def plan(key: str) -> Response | tuple[Response, int]:
    circular = find(me(), key)
    form = with_zones(json_form(PlanForm), me())
    if not form.validate():
        return invalid_form(form)
    try:
        actions.plan_circular(actor=me(), circular=circular, **form.moment())
    except Invalid as error:
        form.blame(error)
        return invalid_form(form)
    db.session.commit()
    return _one(circular)


@bp.post("/circulars/<key>/stop")
def stop(key: str) -> Response:
    circular = find(me(), key)
    actions.stop_circular(actor=me(), circular=circular)
    db.session.commit()
    return _one(circular)


def _one(circular: Circular) -> Response:
    """As its author sees it. Null stands for a few of whom one could find out who they are."""
    is_draft = circular.state == CircularState.DRAFT
    versions: list[dict[str, Any]] = [
        {"language": one.language, "title": one.title, "body": one.body} for one in queries.versions_of(circular)
    ]
    return jsonify(
        key=circular.key,
        state=circular.state,
        reach=circular.reach,
        filters=circular.filters,
        main=circular.language,
        versions=versions,
        begins_at=circular.begins_at.isoformat() if circular.begins_at else None,
        readers=readers_of(me(), circular) if is_draft else None,
        result=None if is_draft else figures(circular),
    )
