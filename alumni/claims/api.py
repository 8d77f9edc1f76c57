"""Participations and the desk as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.claims import actions, policy, queries
from alumni.claims.forms import ClaimForm, RefuseForm, VerifyForm
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.members import queries as members_queries
from alumni.members.models import Participation
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import for_suspended, get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("claims_api", __name__, url_prefix="/api/v1")


@bp.get("/participations")
@for_suspended
def my_participations() -> Response:
    claims = members_queries.participations_of(me())
    return api.list_json(page(claims, members_queries.NEWEST_FIRST, after=api.after(), limit=api.limit()), claim_json)


@bp.post("/participations")
@takes(ClaimForm)
def make_claim() -> Response | tuple[Response, int]:
    form = json_form(ClaimForm)
    try:
        if form.validate():
            participation = actions.claim_place(me(), form.claim(), key=form.key)
            db.session.commit()
            return _claim(participation.key), 201
    except Invalid as error:
        form.blame(error)
    return invalid_form(form)


@bp.get("/participations/<key>")
@for_suspended
def show_claim(key: str) -> Response:
    return _claim(key)


@bp.delete("/participations/<key>")
def withdraw_claim(key: str) -> tuple[str, int]:
    actions.withdraw_claim(me(), _to_act_on(key))
    db.session.commit()
    return "", 204


@bp.post("/participations/<key>/verify")
@takes(VerifyForm)
def verify(key: str) -> Response:
    form = json_form(VerifyForm)
    if not form.validate():
        return invalid_form(form)
    actions.approve_claim(me(), _to_act_on(key), reason=form.reason.data)
    db.session.commit()
    return _claim(key)


@bp.post("/participations/<key>/decline")
@takes(RefuseForm)
def decline(key: str) -> Response:
    form = json_form(RefuseForm)
    if not form.validate():
        return invalid_form(form)
    actions.decline_claim(me(), _to_act_on(key), reason=form.reason.data)
    db.session.commit()
    return _claim(key)


@bp.post("/participations/<key>/revoke")
@takes(RefuseForm)
def revoke(key: str) -> Response:
    form = json_form(RefuseForm)
    if not form.validate():
        return invalid_form(form)
    actions.revoke_claim(me(), _to_act_on(key), reason=form.reason.data)
    db.session.commit()
    return _claim(key)


@bp.get("/desk")
def desk() -> Response:
    require(policy.can_see_desk(me()), "officer")
    claims = queries.claims_at_desk(me(), queries.DeskFilter())
    return api.list_json(page(claims, queries.VOUCHED_THEN_OLDEST, after=api.after(), limit=api.limit()), case_json)


def _to_act_on(key: str) -> Participation:
    participation: Participation = get_or_404(members_queries.claims_open_to(me()).where(Participation.key == key))
    return participation


def _claim(key: str) -> Response:
    row = get_or_404(members_queries.visible_participations(me()).where(Participation.key == key))
    return jsonify(claim_json(row))


def claim_json(claim: Any) -> dict[str, Any]:
    return {
        "key": claim.key,
        "programme": claim.programme,
        "cohort": claim.cohort,
        "country": claim.country,
        "role": claim.role,
        "standing": claim.standing,
        "host_town": claim.host_town,
        "name_as_printed": claim.name_as_printed,
        "note": claim.note,
        "state": claim.state,
        "claimed_at": claim.claimed_at.isoformat(),
        "decided_at": claim.decided_at.isoformat() if claim.decided_at else None,
        "decision_reason": claim.decision_reason,
    }


def case_json(claim: Any) -> dict[str, Any]:
    """The same for the desk, with the names of the profile."""
    person = {"handle": claim.handle, "name": claim.name, "name_romanised": claim.name_romanised}
    return {**claim_json(claim), "member": person}
