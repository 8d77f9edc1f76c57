"""Visitors as JSON: asking to come, and who runs an event reads who does."""

from flask import Blueprint, Response, jsonify

from alumni.core.errors import require
from alumni.events import queries as events_queries
from alumni.visitors import queries
from alumni.visitors.forms import VisitForm
from alumni.visitors.steps import ask_to_come
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me, public
from alumni.web.openapi import takes

bp = Blueprint("visitors_api", __name__, url_prefix="/api/v1/events")


@bp.post("/<slug>/visitors")
@public
@takes(VisitForm)
def ask(slug: str) -> Response | tuple[Response, int]:
    """202: a letter goes to the address, and its link takes the seat."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    form = json_form(VisitForm)
    if not form.validate():
        return invalid_form(form)
    ask_to_come(event, form.visit())
    return jsonify(slug=slug), 202


@bp.get("/<slug>/visitors")
def listed(slug: str) -> Response:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(event.may_decide, "organiser")
    people = queries.visitors_of(me(), event.id)
    return jsonify(
        items=[{"key": one.key, "name": one.name, "country": one.country, "is_online": one.is_online} for one in people]
    )
