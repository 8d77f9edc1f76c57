"""Roles as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.roles import actions, queries
from alumni.roles.forms import EndRoleForm, HandOverForm, RoleForm
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("roles_api", __name__, url_prefix="/api/v1/groups")


@bp.get("/<slug>/roles")
def in_group(slug: str) -> Response:
    """Who does what now or from a later day on, and who did."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    return _roles(row.id)


@bp.post("/<slug>/roles")
@takes(RoleForm)
def give(slug: str) -> Response | tuple[Response, int]:
    group, form = _group(slug), json_form(RoleForm)
    if not form.validate():
        return invalid_form(form)
    tenure = actions.give_role(actor=me(), group=group, handle=form.handle.member, term=form.term())
    db.session.commit()
    return jsonify(key=tenure.key), 201


@bp.post("/<slug>/roles/<key>/end")
@takes(EndRoleForm)
def end(slug: str, key: str) -> Response:
    group, form = _group(slug), json_form(EndRoleForm)
    if not form.validate():
        return invalid_form(form)
    actions.end_role(actor=me(), group=group, key=key, reason=form.reason.data)
    db.session.commit()
    return _roles(group.id)


@bp.post("/<slug>/roles/<key>/hand-over")
@takes(HandOverForm)
def hand_over(slug: str, key: str) -> Response | tuple[Response, int]:
    group, form = _group(slug), json_form(HandOverForm)
    if not form.validate():
        return invalid_form(form)
    tenure = actions.hand_over(actor=me(), group=group, key=key, handle=form.handle.member, ends_on=form.last_day())
    db.session.commit()
    return jsonify(key=tenure.key), 201


def _group(slug: str) -> Group:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    return db.session.get_one(Group, row.id)


def _roles(group_id: int) -> Response:
    now, past = (
        [role_json(row) for row in db.session.execute(queries.roles_of(me(), group_id=group_id, is_over=is_over))]
        for is_over in (False, True)
    )
    return jsonify(items=now, past=past)


def role_json(row: Any) -> dict[str, Any]:
    """`name` is null where somebody shows it to nobody in the group."""
    return {
        "key": row.key,
        "handle": row.handle if row.name else None,
        "name": row.name,
        "role": row.role,
        "title": row.title,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }
