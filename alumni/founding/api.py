"""Foundings as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.paging import page
from alumni.founding import actions, queries
from alumni.founding.forms import CharterForm, FoundingForm, FundsForm, PlanForm
from alumni.founding.models import Founding
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("founding_api", __name__, url_prefix="/api/v1")


@bp.get("/foundings")
def mine() -> Response:
    """Those that one founds, is invited to or decides about."""
    found = page(queries.foundings_of(me()), queries.LATEST, after=api.after(), limit=api.limit())
    return api.list_json(found, founding_json)


@bp.post("/foundings")
@takes(FoundingForm)
def start() -> Response | tuple[Response, int]:
    form = json_form(FoundingForm)
    form.offer(queries.list_programmes(), queries.list_umbrellas(me()))
    if not form.validate():
        return invalid_form(form)
    made = actions.start_founding(actor=me(), key=form.key, draft=form.draft())
    db.session.commit()
    return _one(made.key), 201


@bp.get("/foundings/<key>")
def show(key: str) -> Response:
    return _one(key)


@bp.put("/foundings/<key>/charter")
@takes(CharterForm)
def charter(key: str) -> Response:
    """`edits` says which version was changed; 409 when it is another by now."""
    founding, form = _entity(key), json_form(CharterForm)
    if not form.validate():
        return invalid_form(form)
    actions.write_charter(actor=me(), founding=founding, text=form.text.data, edits=form.seen)
    db.session.commit()
    return _one(key)


@bp.put("/foundings/<key>/plan")
@takes(PlanForm)
def plan(key: str) -> Response:
    founding, form = _entity(key), json_form(PlanForm)
    if not form.validate():
        return invalid_form(form)
    actions.write_plan(actor=me(), founding=founding, rows=form.drafts(), edits=form.seen)
    db.session.commit()
    return _one(key)


@bp.put("/foundings/<key>/funds")
@takes(FundsForm)
def funds(key: str) -> Response:
    founding, form = _entity(key), json_form(FundsForm)
    if not form.validate():
        return invalid_form(form)
    actions.write_funds(actor=me(), founding=founding, rows=form.drafts(), edits=form.seen)
    db.session.commit()
    return _one(key)


@bp.post("/foundings/<key>/hand-in")
def hand_in(key: str) -> Response:
    actions.hand_in(actor=me(), founding=_entity(key))
    db.session.commit()
    return _one(key)


def _entity(key: str) -> Founding:
    found: Founding = get_or_404(queries.visible_foundings(me()).where(Founding.key == key))
    return found


def _one(key: str) -> Response:
    row = get_or_404(queries.founding_page(me(), key=key))
    founders = queries.founders_of(me(), founding_id=row.id).all()
    fund_rows = queries.funds_of(me(), founding_id=row.id).all()
    more = {
        "purpose": row.purpose,
        "charter": row.charter,
        "edits": {"charter": row.charter_edits, "plan": row.plan_edits, "funds": row.funds_edits},
        "founders": [{"name": each.name, "state": each.state, "office": each.office} for each in founders],
        "plan": [each._asdict() for each in queries.activities_of(me(), founding_id=row.id).all()],
        "funds": [each._asdict() for each in fund_rows],
        "sums": [
            {"currency": each.currency, "income": each.income, "expense": each.expense, "balance": each.balance}
            for each in queries.sums_of(fund_rows)
        ],
        "missing": queries.find_missing(row),
        "reason": row.reason,
        "group": row.group_slug,
    }
    return jsonify(founding_json(row) | more)


def founding_json(row: Any) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "country": row.country, "state": row.state}
