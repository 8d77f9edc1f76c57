"""A conference as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.conferences import actions, policy, queries
from alumni.conferences.forms import SessionForm
from alumni.conferences.steps import event_of, event_to_run, session_of
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.walltime import wall_of
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import me, public
from alumni.web.openapi import takes

bp = Blueprint("conferences_api", __name__, url_prefix="/api/v1")


@bp.get("/events/<slug>/sessions")
@public
def sessions(slug: str) -> Response:
    """The programme in order, with wall times in the zone of the event."""
    event = event_of(slug)
    return jsonify(zone=event.zone, items=[session_json(row) for row in queries.sessions_of(me(), event.id)])


@bp.post("/events/<slug>/sessions")
@takes(SessionForm)
def add_session(slug: str) -> Response | tuple[Response, int]:
    event, form = event_to_run(slug), json_form(SessionForm)
    if not form.validate():
        return invalid_form(form)
    made = actions.add_session(actor=me(), event=event, draft=form.draft(), key=form.key)
    db.session.commit()
    return jsonify(key=made.key), 201


@bp.post("/events/<slug>/sessions/<key>/choose")
def choose(slug: str, key: str) -> Response:
    """`instead_of`: what was chosen at the same time, and fell."""
    event = event_of(slug)
    fallen = actions.choose_session(actor=me(), event=event, session=session_of(event, key))
    db.session.commit()
    return jsonify(chosen=key, instead_of=fallen)


@bp.post("/events/<slug>/sessions/<key>/leave")
def leave(slug: str, key: str) -> tuple[str, int]:
    event = event_of(slug)
    actions.leave_session(actor=me(), event=event, session=session_of(event, key))
    db.session.commit()
    return "", 204


@bp.get("/events/<slug>/recommendations")
@public
def recommendations(slug: str) -> Response:
    rows = queries.recommendations_of(me(), event_of(slug).id)
    handovers = queries.handovers_of([row.id for row in rows])
    return jsonify(items=[recommendation_json(row, handovers.get(row.id, [])) for row in rows])


@bp.get("/events/<slug>/delegations")
def delegations(slug: str) -> Response:
    """How many are going by the country that sent them, empty where people show none here."""
    event = event_of(slug)
    require(policy.can_see_delegations(me(), event.id), "insider")
    return jsonify(items=[delegation_json(one) for one in queries.delegations_of(me(), event.id)])


def session_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "about": row.about,
        "speakers": row.speakers,
        "room": row.room,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "wall_start": wall_of(row.starts_at, row.zone).isoformat(),
        "wall_end": wall_of(row.ends_at, row.zone).isoformat(),
        "capacity": row.capacity,
        "chosen": row.chosen,
        "is_mine": bool(row.is_mine),
    }


def recommendation_json(row: Any, handovers: list[Any]) -> dict[str, Any]:
    return {
        "key": row.key,
        "number": row.number,
        "text": row.text,
        "topic_group": row.team_name,
        "state": row.state,
        "answer": row.answer,
        "handovers": [
            {"addressee": one.addressee, "on": one.handed_on, "by": one.handed_by, "remark": one.remark}
            for one in handovers
        ],
    }


def delegation_json(one: queries.Delegation) -> dict[str, Any]:
    return {
        "country": one.country,
        "people": one.people,
        "head": one.head or None,
        "named": [{"handle": person.handle, "name": person.name} for person in one.named],
    }
