"""Setting groups up as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.actions import move_group
from alumni.groups.forms import ReasonForm
from alumni.groups.models import Group
from alumni.settings import actions, policy, queries
from alumni.settings.forms import NewGroupForm, PlaceForm, SetupForm, facts_of
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("settings_api", __name__, url_prefix="/api/v1")


@bp.get("/groups/<slug>/settings")
def show(slug: str) -> Response:
    return jsonify(_facts(_group(slug)))


@bp.put("/groups/<slug>/settings")
@takes(SetupForm)
def set_up(slug: str) -> Response:
    """Everything of it at once."""
    group, form = _group(slug), json_form(SetupForm)
    form.offer(queries.list_programmes())
    if not form.validate():
        return invalid_form(form)
    actions.set_up(actor=me(), group=group, setup=form.setup())
    db.session.commit()
    return jsonify(_facts(group))


@bp.put("/groups/<slug>/place")
@takes(PlaceForm)
def place(slug: str) -> Response:
    """Below which group it stands, and below which further ones."""
    group, form = _group(slug), json_form(PlaceForm)
    further = queries.further_parents_of(group)
    parent = db.session.get(Group, group.parent_id) if group.parent_id else None
    known = [(other.slug, other.name) for other in ([parent] if parent else []) + further]
    form.offer([*known, *queries.list_possible_parents(me(), group)])
    if not form.validate():
        return invalid_form(form)
    wanted = db.session.query(Group).filter(Group.slug.in_([form.parent.data, *(form.further.data or [])])).all()
    by_slug = {other.slug: other for other in wanted}
    others = [by_slug[name] for name in form.further.data or []]
    move_group(actor=me(), group=group, parent=by_slug.get(form.parent.data), further=others)
    db.session.commit()
    around = groups_queries.groups_around(me(), group_id=group.id).all()
    return jsonify(slug=group.slug, above=[other.slug for other in around if other.depth > 0])


@bp.post("/groups")
@takes(NewGroupForm)
def new() -> tuple[Response, int] | Response:
    """Makes a group below `?parent=`, or proposes it where one is no organiser."""
    slug = request.args.get("parent", "")
    parent = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug)) if slug else None
    is_made = policy.can_make(me(), parent)
    require(is_made or policy.can_propose(me(), parent), "insider" if parent else "verified")
    form = json_form(NewGroupForm)
    if not form.validate():
        return invalid_form(form)
    if is_made:
        group = actions.make_group(actor=me(), key=form.key, parent=parent, new=form.new())
        db.session.commit()
        return jsonify(slug=group.slug), 201
    proposal = actions.propose_group(actor=me(), key=form.key, parent=parent, new=form.new())
    db.session.commit()
    return jsonify(key=proposal.key, state=proposal.state), 202


@bp.get("/groups/proposals")
def proposals() -> Response:
    found = page(queries.proposals(me()), queries.LATEST, after=api.after(), limit=api.limit())
    return api.list_json(found, proposal_json)


@bp.post("/groups/proposals/<key>/approve")
def approve(key: str) -> Response:
    get_or_404(queries.proposals(me(), key=key))
    group = actions.approve_proposal(actor=me(), key=key)
    db.session.commit()
    return jsonify(slug=group.slug)


@bp.post("/groups/proposals/<key>/decline")
@takes(ReasonForm)
def decline(key: str) -> Response:
    get_or_404(queries.proposals(me(), key=key))
    form = json_form(ReasonForm)
    if not form.validate():
        return invalid_form(form)
    actions.decline_proposal(actor=me(), key=key, reason=form.reason.data)
    db.session.commit()
    return jsonify(proposal_json(get_or_404(queries.proposals(me(), key=key))))


@bp.post("/groups/proposals/<key>/withdraw")
def withdraw(key: str) -> Response:
    get_or_404(queries.proposals(me(), key=key))
    actions.withdraw_proposal(actor=me(), key=key)
    db.session.commit()
    return jsonify(proposal_json(get_or_404(queries.proposals(me(), key=key))))


def _group(slug: str) -> Group:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    return db.session.get_one(Group, row.id)


def _facts(group: Group) -> dict[str, Any]:
    return facts_of(group, list(db.session.execute(groups_queries.admitted_by(group.id))))


def proposal_json(row: Any) -> dict[str, Any]:
    """`by` is null where somebody shows their name to no group."""
    return {
        "key": row.key,
        "kind": row.kind,
        "name": row.name,
        "about": row.about,
        "country": row.country or None,
        "parent": row.parent_slug,
        "by": row.by_handle,
        "state": row.state,
        "reason": row.reason,
        "created_at": row.created_at.isoformat(),
        "group": row.group_slug,
    }
