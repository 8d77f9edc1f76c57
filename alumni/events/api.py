"""Events as JSON: the same lists, forms and actions as the pages."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.core.walltime import zone_of
from alumni.events import actions, policy, queries
from alumni.events.forms import CancelForm, EventForm, FilterForm, NewEventForm, values_of
from alumni.events.models import Event, Precision
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form, text_problem
from alumni.web.gate import get_or_404, me, public
from alumni.web.openapi import takes
from alumni.web.zones import main_zone

bp = Blueprint("events_api", __name__, url_prefix="/api/v1")
KNOWN = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


@bp.get("/events")
@public
@takes(FilterForm)
def find() -> Response:
    form = FilterForm(request.args)
    if not form.validate():
        return invalid_form(form)
    filters = form.filters()
    events = page(queries.find_events(me(), filters), queries.order(filters.when), after=api.after(), limit=api.limit())
    return api.list_json(events, event_json)


@bp.get("/events/<slug>")
@public
def show(slug: str) -> Response:
    return jsonify(_whole_json(slug))


@bp.get("/events/<slug>/attendees")
def attendees(slug: str) -> Response:
    event = get_or_404(queries.event_page(me(), slug=slug))
    require(event.is_inside, "insider")
    people = queries.attendees(me(), event_id=event.id)
    return api.list_json(page(people, queries.FIRST_TO_ANSWER, after=api.after(), limit=api.limit()), attendee_json)


@bp.post("/events")
@takes(NewEventForm)
def post() -> Response | tuple[Response, int]:
    """201 with the event. A zone that is not sent is that of the group's country."""
    form = json_form(NewEventForm)
    slug = form.group.data or ""
    visible = groups_queries.visible_groups(me())
    group = None if text_problem(slug) else db.session.scalar(visible.where(Group.slug == slug))
    if group is not None:
        require(policy.can_post(me(), group.id), "insider")
        form.zone.data = form.zone.data or main_zone(group.country) or me().zone
    if not form.validate():
        return invalid_form(form)
    if group is None:
        raise Invalid("group", "unknown")
    event = actions.post_event(actor=me(), group=group, draft=form.draft(), key=form.key)
    db.session.commit()
    return jsonify(_whole_json(event.slug)), 201


@bp.put("/events/<slug>")
@takes(EventForm)
def edit(slug: str) -> Response:
    """The whole event: what is not sent is emptied, or asked for."""
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_edit(me(), event))
    form = json_form(EventForm, data=values_of(event))
    if not form.validate():
        return invalid_form(form)
    actions.edit_event(actor=me(), event=event, draft=form.draft())
    db.session.commit()
    return jsonify(_whole_json(slug))


@bp.post("/events/<slug>/cancel")
@takes(CancelForm)
def cancel(slug: str) -> Response:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_cancel(me(), event))
    form = json_form(CancelForm)
    if not form.validate():
        return invalid_form(form)
    actions.cancel_event(actor=me(), event=event, reason=form.reason.data)
    db.session.commit()
    return jsonify(_whole_json(slug))


@bp.post("/events/<slug>/publish")
def publish(slug: str) -> Response:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    actions.publish_event(actor=me(), event=event)
    db.session.commit()
    return jsonify(_whole_json(slug))


def _whole_json(slug: str) -> dict[str, Any]:
    event = get_or_404(queries.event_page(me(), slug=slug))
    return {
        **event_json(event),
        "description": event.description,
        "cancelled_because": event.cancelled_because,
        "revision": event.revision,
        "my_answer": event.my_state,
        "my_guests": event.my_guests.split("\n") if event.my_guests else [],
        "offered_until": event.my_offered_until.isoformat() if event.my_offered_until else None,
        "online_url": event.online_url,  # empty unless going, and until half an hour before
        "most_guests": event.most_guests,
        "needs_approval": event.needs_approval,
        "is_by_invitation": event.is_by_invitation,
        "answers_from": _instant(event.answers_from, event.zone) if event.answers_from else None,
        "answers_until": _instant(event.answers_until, event.zone) if event.answers_until else None,
        "waiting": event.waiting,
        "online_waiting": event.online_waiting,
        "may_answer": bool(event.may_answer),
        "may_edit": bool(event.may_edit),
        "may_publish": bool(event.may_decide),
        "source": event.source,
    }


def event_json(event: Any) -> dict[str, Any]:
    is_exact = event.precision == Precision.MINUTE
    return {
        "slug": event.slug,
        "title": event.title,
        "kind": event.kind,
        "mode": event.mode,
        "place": event.place,
        "country": event.country,
        "zone": event.zone,
        "starts_at": _instant(event.starts_at, event.zone),
        "ends_at": _instant(event.ends_at, event.zone),
        "precision": event.precision,
        "known_date": None if is_exact else event.wall_start.strftime(KNOWN[event.precision]),
        "capacity": event.capacity,
        "seats_taken": event.seats_taken,
        "seats_left": None if event.capacity is None else event.capacity - event.seats_taken,
        "online_capacity": event.online_capacity,
        "online_taken": event.online_taken,
        "audience": event.audience,
        "state": event.state,
        "group": {"slug": event.group_slug, "name": event.group_name} if event.group_slug else None,
        "host": event.host,
        "attended": event.attended,
        "attended_bound": event.attended_bound,
        "attended_by": event.attended_by,
    }


def attendee_json(person: Any) -> dict[str, Any]:
    return {
        "handle": person.handle,
        "name": person.name,
        "name_romanised": person.name_romanised,
        "country": person.country,
        "headline": person.headline,
    }


def _instant(at: datetime, zone: str) -> str:
    """RFC 3339 with the offset that holds there and then."""
    return at.astimezone(zone_of(zone)).isoformat()
