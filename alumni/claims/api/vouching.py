"""What vouchers are asked, as JSON."""

from typing import Any

from flask import Response, jsonify

from alumni.claims import actions, queries
from alumni.claims.api.claims import bp
from alumni.claims.forms import RevokeVouchForm, VouchForm
from alumni.claims.models import VouchState
from alumni.core.db import db
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes


@bp.get("/vouches")
def vouches() -> Response:
    """What one was asked and has not answered, the oldest first."""
    asked = db.session.execute(queries.questions_to(me())).all()
    return jsonify(items=[question_json(row) for row in asked], next=None)


@bp.get("/vouches/<key>")
def vouch(key: str) -> Response:
    return jsonify(question_json(get_or_404(queries.question_to(me(), key))))


@bp.post("/vouches/<key>/answer")
@takes(VouchForm)
def answer_vouch(key: str) -> Response:
    """Yes, no or unsure; unsure counts against nobody."""
    row, form = get_or_404(queries.vouch_to_answer(me(), key)), json_form(VouchForm)
    if not form.validate():
        return invalid_form(form)
    actions.answer_vouch(me(), row, VouchState(form.answer.data))
    db.session.commit()
    return vouch(key)


@bp.post("/vouches/<key>/revoke")
@takes(RevokeVouchForm)
def revoke_vouch(key: str) -> Response:
    """A yes that was not true counts no longer."""
    row, form = get_or_404(queries.vouch_to_revoke(me(), key)), json_form(RevokeVouchForm)
    if not form.validate():
        return invalid_form(form)
    actions.revoke_vouch(me(), row, reason=form.reason.data)
    db.session.commit()
    return jsonify(key=row.key, state=row.state)


def question_json(row: Any) -> dict[str, Any]:
    """What a voucher sees of somebody: the name as printed, and where they say that they were."""
    return {
        "key": row.key,
        "name_as_printed": row.name_as_printed,
        "country": row.country,
        "role": row.role,
        "programme": row.programme_name,
        "cohort": row.cohort_title,
        "asked_at": row.asked_at.isoformat(),
        "answer": None if row.state == VouchState.ASKED else row.state,
    }
