"""A fair as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.paging import page
from alumni.fairs import actions, queries
from alumni.fairs.forms import AskForm, FilterForm, ReasonForm
from alumni.fairs.steps import company_of, event_of, offer_free, request_of, slot_of
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import me, public
from alumni.web.openapi import takes

bp = Blueprint("fairs_api", __name__, url_prefix="/api/v1")


@bp.get("/events/<slug>/companies")
@public
@takes(FilterForm)
def companies(slug: str) -> Response:
    event, form = event_of(slug), FilterForm(request.args)
    if not form.validate():
        return invalid_form(form)
    select = queries.companies(me(), event.id, form.filters())
    return api.list_json(page(select, queries.BY_NAME, after=api.after(), limit=api.limit()), company_json)


@bp.get("/events/<slug>/companies/<key>/slots")
@public
def slots(slug: str, key: str) -> Response:
    """The times of a company, whether each is taken, and how one's own request stands."""
    event = event_of(slug)
    rows = queries.slots_of(me(), company_of(event, key).id)
    return jsonify(zone=event.zone, items=[slot_json(row) for row in rows])


@bp.post("/events/<slug>/companies/<key>/requests")
@takes(AskForm)
def ask(slug: str, key: str) -> Response | tuple[Response, int]:
    """201 with the request; asking twice for a time is once."""
    event = event_of(slug)
    row, form = company_of(event, key), json_form(AskForm)
    offer_free(form, event, queries.slots_of(me(), row.id))
    if not form.validate():
        return invalid_form(form)
    slot = slot_of(row, form.slot.data)
    made = actions.ask(actor=me(), event=event, company=row, slot=slot, note=form.note.data or "", key=form.key)
    db.session.commit()
    return jsonify(key=made.key, state=made.state), 201


@bp.get("/events/<slug>/companies/<key>/requests")
def requests_to(slug: str, key: str) -> Response:
    """For who speaks for a company, or runs the event; empty for others."""
    event = event_of(slug)
    rows = queries.requests_to(me(), event.id, company_of(event, key).id)
    return jsonify(items=[request_json(row) | {"handle": row.handle, "name": row.name or ""} for row in rows])


@bp.get("/events/<slug>/meetings")
def my_requests(slug: str) -> Response:
    return jsonify(items=[request_json(row) for row in queries.my_requests(me(), event_of(slug).id)])


@bp.post("/events/<slug>/meetings/<key>/accept")
def accept(slug: str, key: str) -> Response:
    event = event_of(slug)
    asked = request_of(event, key)
    actions.accept(actor=me(), event=event, request=asked)
    db.session.commit()
    return jsonify(key=key, state=asked.state)


@bp.post("/events/<slug>/meetings/<key>/decline")
@takes(ReasonForm)
def decline(slug: str, key: str) -> Response:
    event = event_of(slug)
    asked, form = request_of(event, key), json_form(ReasonForm)
    if not form.validate():
        return invalid_form(form)
    actions.decline(actor=me(), event=event, request=asked, reason=form.reason.data)
    db.session.commit()
    return jsonify(key=key, state=asked.state)


@bp.post("/events/<slug>/meetings/<key>/withdraw")
def withdraw(slug: str, key: str) -> Response:
    event = event_of(slug)
    asked = request_of(event, key)
    actions.withdraw(actor=me(), event=event, request=asked)
    db.session.commit()
    return jsonify(key=key, state=asked.state)


def company_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "country": row.country,
        "sector": row.sector,
        "looks_for": row.looks_for,
        "languages": row.languages,
        "stand": row.stand,
        "url": row.url,
    }


def slot_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "is_taken": bool(row.is_taken),
        "my_state": row.my_state,
    }


def request_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "company": row.company,
        "company_name": row.company_name,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "note": row.note,
        "state": row.state,
        "reason": row.reason,
    }
