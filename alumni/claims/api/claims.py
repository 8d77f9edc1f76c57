"""A claimant's participations as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.claims import actions, queries
from alumni.claims.forms import AnswerForm, AppealForm, ClaimForm, CorrectionForm
from alumni.core.db import db
from alumni.core.errors import Invalid
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
    found = page(queries.claims_of(me()), members_queries.NEWEST_FIRST, after=api.after(), limit=api.limit())
    return api.list_json(found, claim_json)


@bp.post("/participations")
@takes(ClaimForm)
def make_claim() -> Response | tuple[Response, int]:
    form = json_form(ClaimForm)
    try:
        if form.validate():
            participation = actions.claim_place(me(), form.claim(), key=form.key)
            db.session.commit()
            return shown(participation.key), 201
    except Invalid as error:
        form.blame(error)
    return invalid_form(form)


@bp.get("/participations/<key>")
@for_suspended
def show_claim(key: str) -> Response:
    """Where a claim stands, with its history and what was sent with it."""
    return shown(key)


@bp.put("/participations/<key>")
@takes(CorrectionForm)
def correct_claim(key: str) -> Response:
    """Says it otherwise while it waits; it is compared anew."""
    participation, form = to_act_on(key), json_form(CorrectionForm)
    if not form.validate():
        return invalid_form(form)
    actions.correct_claim(me(), participation, form.correction())
    db.session.commit()
    return shown(key)


@bp.delete("/participations/<key>")
def withdraw_claim(key: str) -> tuple[str, int]:
    actions.withdraw_claim(me(), to_act_on(key))
    db.session.commit()
    return "", 204


@bp.post("/participations/<key>/answer")
@takes(AnswerForm)
def answer(key: str) -> Response:
    """To what the desk asked."""
    participation, form = to_act_on(key), json_form(AnswerForm)
    if not form.validate():
        return invalid_form(form)
    actions.answer_question(me(), participation, answer=form.words.data)
    db.session.commit()
    return shown(key)


@bp.post("/participations/<key>/appeal")
@takes(AppealForm)
def appeal(key: str) -> Response:
    """Another look, by somebody else than who decided."""
    participation, form = to_act_on(key), json_form(AppealForm)
    if not form.validate():
        return invalid_form(form)
    actions.appeal(me(), participation, words=form.words.data)
    db.session.commit()
    return shown(key)


@bp.post("/participations/<key>/vouchers")
def ask_vouchers(key: str) -> Response:
    """Asks people who were there. The answer is the same whether there are any or not."""
    actions.ask_vouchers(me(), to_act_on(key))
    db.session.commit()
    return shown(key)


@bp.delete("/participations/<key>/evidence/<evidence>")
def remove_evidence(key: str, evidence: str) -> tuple[str, int]:
    actions.remove_evidence(me(), to_act_on(key), evidence)
    db.session.commit()
    return "", 204


def to_act_on(key: str) -> Participation:
    participation: Participation = get_or_404(members_queries.claims_open_to(me()).where(Participation.key == key))
    return participation


def shown(key: str) -> Response:
    """One claim, whole."""
    row = get_or_404(queries.visible_claims(me()).where(Participation.key == key))
    return jsonify(whole_json(row))


def whole_json(row: Any) -> dict[str, Any]:
    history = db.session.execute(queries.history_of(row.id)).all()
    evidence = db.session.execute(queries.evidence_of(me(), row.id)).all()
    return claim_json(row) | {
        "history": [{"step": step.step, "words": step.words, "at": step.at.isoformat()} for step in history],
        "evidence": [evidence_json(file) for file in evidence],
    }


def evidence_json(file: Any) -> dict[str, Any]:
    return {
        "key": file.key,
        "title": file.title,
        "media_type": file.media_type,
        "size": file.size,
        "sent_at": file.sent_at.isoformat(),
        "url": f"/evidence/{file.key}",
    }


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
        "number": claim.number,
        "born_on": claim.born_on,
        "institution": claim.institution,
        "note": claim.note,
        "state": claim.state,
        "question": claim.question,
        "claimed_at": claim.claimed_at.isoformat(),
        "decided_at": claim.decided_at.isoformat() if claim.decided_at else None,
        "decision_reason": claim.decision_reason,
    }
