"""Events as JSON: the same lists, forms and actions as the pages."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.paging import page
from alumni.core.walltime import promised, zone_of
from alumni.events import actions, policy, queries, steps
from alumni.events.forms import (
    CancelForm,
    EditEventForm,
    FilterForm,
    HostForm,
    HostingForm,
    HoursForm,
    NewEventForm,
    values_of,
)
from alumni.events.hours import There, elsewhere
from alumni.events.models import KNOWN_AS, Event, Precision
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form, text_problem
from alumni.web.gate import get_or_404, me, public
from alumni.web.openapi import takes
from alumni.web.zones import main_zone

bp = Blueprint("events_api", __name__, url_prefix="/api/v1")


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
    return _tagged(slug)


@bp.get("/events/series/<key>")
@public
def series(key: str) -> Response:
    """All dates of a series that the viewer sees, the first first."""
    dates = [] if text_problem(key) else db.session.execute(queries.dates_of_series(me(), key)).all()
    if not dates:
        raise NotFound
    return jsonify(items=[{**event_json(row), "my_answer": row.my_state} for row in dates])


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
    event = steps.post(form, group)
    db.session.commit()
    return jsonify(_whole_json(event.slug)), 201


@bp.post("/groups/<slug>/hours")
@takes(HoursForm)
def hours(slug: str) -> Response:
    """A proposed time where the people of a group live. Nothing is written."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    form = json_form(HoursForm, data={"zone": main_zone(row.country) or me().zone})
    if not form.validate() or form.starts_at.data is None:
        return invalid_form(form)
    at = promised(form.starts_at.data, form.zone.data, field="starts_at", is_second=False)
    return jsonify(items=[hour_json(there) for there in elsewhere(queries.countries_of_members(row.id), at)])


def hour_json(there: There) -> dict[str, Any]:
    return {
        "country": there.country,
        "zone": there.zone,
        "wall": there.wall.isoformat(),
        "is_night": there.is_night,
        "is_weekend": there.is_weekend,
        "is_public_holiday": there.is_holiday,
    }


@bp.post("/events/<slug>/hosts")
@takes(HostForm)
def ask_to_host(slug: str) -> Response | tuple[Response, int]:
    """Asks another group to hold the event too."""
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_decide(me(), event), "organiser")
    form = json_form(HostForm)
    if not form.validate():
        return invalid_form(form)
    actions.ask_to_host(actor=me(), event=event, group=steps.group_to_ask(form))
    db.session.commit()
    return jsonify(items=[host_json(row) for row in queries.asked_hosts(event.id)]), 201


@bp.post("/groups/<slug>/hosting/<event>")
@takes(HostingForm)
def answer_hosting(slug: str, event: str) -> Response:
    """Whether a group holds an event with another that asks."""
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    form = json_form(HostingForm)
    if not form.validate():
        return invalid_form(form)
    actions.answer_hosting(actor=me(), group=group, event_slug=event, agrees=form.agrees.data)
    db.session.commit()
    return jsonify(slug=event, agrees=form.agrees.data)


def host_json(row: Any) -> dict[str, Any]:
    return {"slug": row.slug, "name": row.name, "state": row.state}


@bp.put("/events/<slug>")
@takes(EditEventForm)
def edit(slug: str) -> Response:
    """The whole event: what is not sent is emptied, or asked for. `If-Match` or `revision`: 412 if it is another."""
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_edit(me(), event))
    form = json_form(EditEventForm, data=values_of(event))
    if not form.validate():
        return invalid_form(form)
    seen = api.version_seen()
    seen = form.revision.data if seen is None else seen
    if form.following.data:
        actions.edit_following(actor=me(), event=event, draft=form.draft(), seen=seen)
    else:
        actions.edit_event(actor=me(), event=event, draft=form.draft(), back=form.back.data or (), seen=seen)
    db.session.commit()
    return _tagged(slug)


@bp.post("/events/<slug>/cancel")
@takes(CancelForm)
def cancel(slug: str) -> Response:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    require(policy.can_cancel(me(), event))
    form = json_form(CancelForm)
    if not form.validate():
        return invalid_form(form)
    call_off = actions.cancel_following if form.following.data else actions.cancel_event
    call_off(actor=me(), event=event, reason=form.reason.data)
    db.session.commit()
    return jsonify(_whole_json(slug))


@bp.post("/events/<slug>/publish")
def publish(slug: str) -> Response:
    event = get_or_404(queries.visible_events(me()).where(Event.slug == slug))
    publish_event = actions.publish_series if event.series_key else actions.publish_event
    publish_event(actor=me(), event=event)
    db.session.commit()
    return jsonify(_whole_json(slug))


def _tagged(slug: str) -> Response:
    event = _whole_json(slug)
    return api.tagged(jsonify(event), event["revision"])


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
        "hosts": [host_json(row) for row in queries.hosts_of(me(), event_id=event.id).all()] if event.co_hosts else [],
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
        "known_date": None if is_exact else event.wall_start.strftime(KNOWN_AS[event.precision]),
        "capacity": event.capacity,
        "seats_taken": event.seats_taken,
        "seats_left": None if event.capacity is None else event.capacity - event.seats_taken,
        "online_capacity": event.online_capacity,
        "online_taken": event.online_taken,
        "audience": event.audience,
        "state": event.state,
        "group": {"slug": event.group_slug, "name": event.group_name} if event.group_slug else None,
        "host": event.host,
        "series": event.series_key,
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
