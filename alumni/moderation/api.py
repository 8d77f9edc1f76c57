"""Reports as JSON, for whoever reports and for whoever decides."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.moderation import actions, policy, queries
from alumni.moderation.forms import AppealAnswerForm, AppealForm, DecisionForm, ReasonForm, ReportForm
from alumni.moderation.models import AppealState, ReportReason
from alumni.web.api import after, limit, list_json
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import for_suspended, get_or_404, limited, me, scope
from alumni.web.openapi import takes

bp = Blueprint("moderation_api", __name__, url_prefix="/api/v1")


def report_json(row: Any) -> dict[str, Any]:
    """A row of the list. It says nothing about who reported: the list holds reports about the reader as well."""
    return {
        "key": row.key,
        "state": row.state,
        "reason": row.reason,
        "about": row.snapshot,
        "created_at": row.created_at.isoformat(),
        "reporters": 1 + row.others_count,
        "due_at": row.due_at.isoformat(),
        "taken_by": row.taken_by_name,
        "decision": row.decision,
        "rule": row.decision_rule,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "appeal": row.appeal_state,
    }


def case_json(key: str) -> Response:
    """One report beside how the thing looks now."""
    case = get_or_404(queries.case_row(me(), key))
    require(policy.can_read(me(), case), "another-moderator")
    now = queries.find_thing_now(case)
    return jsonify(
        **report_json(case),
        note=case.note,
        reporter=case.reporter,
        decision_reason=case.decision_reason,
        now=None if now is None else {**now.snapshot, "is_hidden": now.hidden_at is not None},
    )


@bp.post("/reports")
@takes(ReportForm)
@limited("report")
def report() -> tuple[Response, int] | Response:
    form = json_form(ReportForm)
    thing = queries.find_named(me(), request.get_json())
    if not form.validate():
        return invalid_form(form)
    reason = ReportReason(form.reason.data)
    made = actions.make_report(actor=me(), thing=thing, reason=reason, note=form.note.data or "", key=form.key)
    db.session.commit()
    return jsonify(key=made.key, state=made.state, created_at=made.created_at.isoformat()), 201


@bp.get("/reports")
@scope("moderate")
def reports() -> Response:
    """Those that wait, oldest first; with `?state=decided` those decided, newest first."""
    require(policy.can_moderate(me()), "moderator")
    if request.args.get("state") == "decided":
        found = page(queries.decided_reports(me()), queries.NEWEST, after=after(), limit=limit())
    else:
        found = page(queries.waiting_reports(me()), queries.OLDEST, after=after(), limit=limit())
    return list_json(found, report_json)


@bp.get("/reports/<key>")
@scope("moderate")
def show(key: str) -> Response:
    return case_json(key)


@bp.post("/reports/<key>/take")
@scope("moderate")
def take(key: str) -> Response:
    actions.take_report(actor=me(), report=get_or_404(queries.find_case(me(), key)))
    db.session.commit()
    return case_json(key)


@bp.post("/reports/<key>/decide")
@scope("moderate")
@takes(DecisionForm)
def decide(key: str) -> Response:
    case = get_or_404(queries.find_case(me(), key))
    form = json_form(DecisionForm)
    if not form.validate():
        return invalid_form(form)
    actions.decide_report(actor=me(), report=case, draft=form.draft())
    db.session.commit()
    return case_json(key)


@bp.post("/reports/<key>/restore")
@scope("moderate")
@takes(ReasonForm)
def restore(key: str) -> Response:
    case = get_or_404(queries.find_case(me(), key))
    form = json_form(ReasonForm)
    if not form.validate():
        return invalid_form(form)
    actions.restore_thing(actor=me(), report=case, reason=form.reason.data)
    db.session.commit()
    return case_json(key)


@bp.post("/reports/<key>/lift")
@scope("moderate")
@takes(ReasonForm)
def lift(key: str) -> Response:
    case = get_or_404(queries.find_case(me(), key))
    form = json_form(ReasonForm)
    if not form.validate():
        return invalid_form(form)
    actions.lift_suspension(actor=me(), report=case, reason=form.reason.data)
    db.session.commit()
    return case_json(key)


@bp.post("/reports/<key>/answer")
@scope("moderate")
@takes(AppealAnswerForm)
def answer(key: str) -> Response:
    """What becomes of an appeal."""
    case = get_or_404(queries.find_case(me(), key))
    form = json_form(AppealAnswerForm)
    if not form.validate():
        return invalid_form(form)
    outcome = AppealState(form.outcome.data)
    actions.decide_appeal(actor=me(), report=case, outcome=outcome, reason=form.answer.data)
    db.session.commit()
    return case_json(key)


@bp.post("/appeals/<key>")
@for_suspended
@takes(AppealForm)
def appeal(key: str) -> tuple[Response, int] | Response:
    """Asks that somebody else looks at a decision about oneself."""
    report = get_or_404(queries.find_decided(me(), key))
    form = json_form(AppealForm)
    if not form.validate():
        return invalid_form(form)
    actions.make_appeal(actor=me(), report=report, words=form.words.data)
    db.session.commit()
    return jsonify(key=key, state=AppealState.APPEALED), 201
