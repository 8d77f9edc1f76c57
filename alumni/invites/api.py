"""Inviting as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.invites import actions, policy, queries
from alumni.invites.forms import InviteForm, LinkForm
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, limited, me
from alumni.web.openapi import takes

bp = Blueprint("invites_api", __name__, url_prefix="/api/v1/groups")


@bp.get("/<slug>/invitations")
def invitations(slug: str) -> Response:
    """One's own; for organisers all of the group."""
    row, group = _group(slug)
    found = queries.invitations_of(me(), group_id=group.id, organises=row.is_organised)
    return api.list_json(page(found, queries.LATEST, after=api.after(), limit=api.limit()), invitation_json)


@bp.post("/<slug>/invitations")
@takes(InviteForm)
@limited("invitation")
def invite(slug: str) -> Response | tuple[Response, int]:
    _row, group = _group(slug)
    form = json_form(InviteForm)
    if not form.validate():
        return invalid_form(form)
    sent = actions.invite(actor=me(), group=group, emails=form.emails, words=form.words.data or "")
    db.session.commit()
    return jsonify(letters=sent, invited_already=len(form.emails) - sent), 202


@bp.post("/<slug>/invitations/link")
@takes(LinkForm)
def make_link(slug: str) -> Response | tuple[Response, int]:
    """The path of a link, told this once."""
    _row, group = _group(slug)
    form = json_form(LinkForm)
    if not form.validate():
        return invalid_form(form)
    secret = actions.make_link(actor=me(), group=group, days=form.days.data or 0, uses=form.uses.data or 0)
    db.session.commit()
    return jsonify(path=f"/invited/{secret}"), 201


@bp.post("/<slug>/invitations/<key>/withdraw")
def withdraw(slug: str, key: str) -> Response:
    row, group = _group(slug)
    actions.withdraw(actor=me(), group=group, key=key)
    db.session.commit()
    found = queries.invitations_of(me(), group_id=group.id, organises=row.is_organised, key=key)
    return jsonify(invitation_json(get_or_404(found)))


def _group(slug: str) -> tuple[Any, Group]:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    group = db.session.get_one(Group, row.id)
    require(policy.can_invite(me(), group.id, members_invite=group.members_invite), "inviter")
    return row, group


def invitation_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "email": row.email or None,
        "state": "expired" if row.is_over else row.state,
        "used": row.used,
        "most_uses": row.most_uses,
        "is_mine": row.is_mine,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
    }
