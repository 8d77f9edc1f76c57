"""The door as JSON: what a phone sends once it finds a network."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.arrivals import actions, policy, queries
from alumni.arrivals.forms import NoteForm
from alumni.arrivals.models import Arrival
from alumni.arrivals.steps import codes_of, note_from
from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.events import queries as events_queries
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form, text_problem
from alumni.web.gate import get_or_404, limited, me, public
from alumni.web.openapi import takes

bp = Blueprint("arrivals_api", __name__, url_prefix="/api/v1")


@bp.get("/events/<slug>/check-in")
def door(slug: str) -> Response:
    """Who is expected, with the codes of their tickets, and how many came."""
    event = _event(slug)
    people = queries.people_expected(me(), event_id=event.id)
    return jsonify(items=[person_json(event.id, row) for row in people], came=queries.count_people(event.id))


@bp.post("/events/<slug>/check-in")
@takes(NoteForm)
def note(slug: str) -> Response | tuple[Response, int]:
    """201 with what is noted; who was noted before is noted once. `at`: when, by the clock of the door."""
    event, form = _event(slug), json_form(NoteForm)
    if not form.validate():
        return invalid_form(form)
    arrival = note_from(event, form)
    db.session.commit()
    return jsonify(arrival_json(arrival)), 201


@bp.post("/events/<slug>/check-in/<key>/remove")
def remove(slug: str, key: str) -> Response:
    event = _event(slug)
    actions.take_back(actor=me(), event=event, key=key)
    db.session.commit()
    return jsonify(came=queries.count_people(event.id))


@bp.get("/certificates/<code>")
@public
@limited("check", reads=True)
def check(code: str) -> Response:
    """What stands on the certificate with this code."""
    row = None if text_problem(code) else queries.certificate_behind(code)
    if row is None:
        raise NotFound
    return jsonify(certificate_json(row))


def _event(slug: str) -> Any:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(policy.can_keep_door(me(), event.id), "organiser")
    return event


def person_json(event_id: int, row: Any) -> dict[str, Any]:
    return {
        "handle": row.handle,
        "name": row.name or "",
        "name_romanised": row.name_romanised or "",
        "answer": row.state,
        "party": row.party,
        "guests": row.guests.split("\n") if row.guests else [],
        "code": codes_of(event_id, row.handle)[0],
        "arrival": row.arrival,
        "arrived_at": row.arrived_at.isoformat() if row.arrived_at else None,
    }


def certificate_json(row: Any) -> dict[str, Any]:
    return {
        "code": row.key,
        "name": row.name,
        "name_romanised": row.name_romanised,
        "event": row.title,
        "held_by": row.group_name or row.host,
        "first_day": row.wall_start.date().isoformat(),
        "last_day": row.wall_end.date().isoformat(),
        "place": row.place,
        "country": row.country,
    }


def arrival_json(arrival: Arrival) -> dict[str, Any]:
    return {"key": arrival.key, "people": arrival.people, "arrived_at": arrival.arrived_at.isoformat()}
