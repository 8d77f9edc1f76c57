"""Keeping records over JSON: the same forms and acts as on the pages."""

import sqlalchemy as sa
from flask import Response, jsonify

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.places import COUNTRIES
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.meetings import actions, policy, queries
from alumni.meetings.api.reading import (
    bp,
    minutes_json,
    seat_json,
    whole_meeting_json,
    whole_resolution_json,
)
from alumni.meetings.forms import (
    DelegationForm,
    FollowUpForm,
    MeetingForm,
    MinutesForm,
    ResolutionForm,
    SeatForm,
    SignatureForm,
)
from alumni.meetings.models import Meeting, Resolution, ResolutionState
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

Answer = Response | tuple[Response, int] | tuple[str, int]


@bp.post("/groups/<slug>/meetings")
@takes(MeetingForm)
def add(slug: str) -> Answer:
    group = _kept_group(slug)
    form = _meeting_form(group)
    if not form.validate():
        return invalid_form(form)
    meeting = actions.add_meeting(actor=me(), group=group, key=form.key, draft=form.draft())
    db.session.commit()
    return jsonify(whole_meeting_json(group.id, meeting.slug)), 201


@bp.put("/groups/<slug>/meetings/<key>")
@takes(MeetingForm)
def change(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    meeting = _meeting(group, key)
    form = _meeting_form(group)
    if not form.validate():
        return invalid_form(form)
    actions.change_meeting(actor=me(), group=group, meeting=meeting, draft=form.draft())
    db.session.commit()
    return jsonify(whole_meeting_json(group.id, key))


@bp.put("/groups/<slug>/meetings/<key>/delegations/<country>")
@takes(DelegationForm)
def set_delegation(slug: str, key: str, country: str) -> Answer:
    group = _kept_group(slug)
    if country not in COUNTRIES:
        raise NotFound
    form = json_form(DelegationForm)
    if not form.validate():
        return invalid_form(form)
    actions.set_delegation(actor=me(), meeting=_meeting(group, key), draft=form.draft(country))
    db.session.commit()
    return jsonify(whole_meeting_json(group.id, key))


@bp.delete("/groups/<slug>/meetings/<key>/delegations/<country>")
def remove_delegation(slug: str, key: str, country: str) -> Answer:
    group = _kept_group(slug)
    actions.remove_delegation(actor=me(), meeting=_meeting(group, key), country=country)
    db.session.commit()
    return "", 204


@bp.post("/groups/<slug>/meetings/<key>/minutes")
@takes(MinutesForm)
def write_minutes(slug: str, key: str) -> Answer:
    """Adds a version; `based_on` names the one that it corrects, 0 for the first."""
    group = _kept_group(slug)
    form = json_form(MinutesForm)
    if not form.validate():
        return invalid_form(form)
    change = form.change.data or ""
    actions.write_minutes(
        actor=me(), meeting=_meeting(group, key), based_on=form.version, body=form.body.data, change=change
    )
    db.session.commit()
    return _minutes(group, key), 201


@bp.post("/groups/<slug>/meetings/<key>/minutes/publish")
def publish_minutes(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    actions.publish_minutes(actor=me(), meeting=_meeting(group, key))
    db.session.commit()
    return _minutes(group, key)


@bp.post("/groups/<slug>/meetings/<key>/minutes/withdraw")
def withdraw_minutes(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    actions.withdraw_minutes(actor=me(), meeting=_meeting(group, key))
    db.session.commit()
    return _minutes(group, key)


@bp.post("/groups/<slug>/meetings/<key>/resolutions")
@takes(ResolutionForm)
def add_resolution(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    meeting = _meeting(group, key)
    form = json_form(ResolutionForm)
    if not form.validate():
        return invalid_form(form)
    made = actions.add_resolution(actor=me(), meeting=meeting, key=form.key, draft=form.draft())
    db.session.commit()
    return jsonify(whole_resolution_json(group.id, made.slug)), 201


@bp.put("/groups/<slug>/resolutions/<key>")
@takes(ResolutionForm)
def change_resolution(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    resolution = _resolution(group, key)
    form = json_form(ResolutionForm)
    if not form.validate():
        return invalid_form(form)
    actions.change_resolution(actor=me(), resolution=resolution, draft=form.draft())
    db.session.commit()
    return jsonify(whole_resolution_json(group.id, key))


@bp.post("/groups/<slug>/resolutions/<key>/signatures")
@takes(SignatureForm)
def sign(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    resolution = _resolution(group, key)
    form = json_form(SignatureForm)
    form.offer(queries.list_members(group.id))
    if not form.validate():
        return invalid_form(form)
    actions.sign_resolution(
        actor=me(),
        resolution=resolution,
        association=form.association.data,
        signatory=form.signatory.data or "",
        capacity=form.capacity.data or "",
    )
    db.session.commit()
    return jsonify(whole_resolution_json(group.id, key)), 201


@bp.delete("/groups/<slug>/resolutions/<key>/signatures/<signature>")
def remove_signature(slug: str, key: str, signature: str) -> Answer:
    resolution = _resolution(_kept_group(slug), key)
    actions.remove_signature(actor=me(), resolution=resolution, key=signature)
    db.session.commit()
    return "", 204


@bp.post("/groups/<slug>/resolutions/<key>/follow-ups")
@takes(FollowUpForm)
def follow_up(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    resolution = _resolution(group, key)
    form = json_form(FollowUpForm)
    form.offer(queries.later_meetings(db.session.get_one(Meeting, resolution.meeting_id), group.id))
    if not form.validate():
        return invalid_form(form)
    state = ResolutionState(form.state.data)
    actions.follow_up(actor=me(), resolution=resolution, meeting=form.meeting.data, state=state, words=form.words.data)
    db.session.commit()
    return jsonify(whole_resolution_json(group.id, key)), 201


@bp.post("/groups/<slug>/seats")
@takes(SeatForm)
def give_seat(slug: str) -> Answer:
    group = _kept_group(slug)
    form = _seat_form(group)
    if not form.validate():
        return invalid_form(form)
    seat = actions.give_seat(actor=me(), group=group, key=form.key, draft=form.draft())
    db.session.commit()
    return jsonify(_seat_json(group, seat.slug)), 201


@bp.put("/groups/<slug>/seats/<key>")
@takes(SeatForm)
def change_seat(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    seat = get_or_404(queries.seat_of(group.id, key))
    form = _seat_form(group)
    if not form.validate():
        return invalid_form(form)
    actions.change_seat(actor=me(), group=group, seat=seat, draft=form.draft())
    db.session.commit()
    return jsonify(_seat_json(group, key))


@bp.delete("/groups/<slug>/seats/<key>")
def remove_seat(slug: str, key: str) -> Answer:
    group = _kept_group(slug)
    actions.remove_seat(actor=me(), group=group, seat=get_or_404(queries.seat_of(group.id, key)))
    db.session.commit()
    return "", 204


def _kept_group(slug: str) -> Group:
    group: Group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    require(policy.can_keep(me(), group.id), "keeper")
    return group


def _meeting(group: Group, key: str) -> Meeting:
    found: Meeting = get_or_404(sa.select(Meeting).where(Meeting.group_id == group.id, Meeting.slug == key))
    return found


def _resolution(group: Group, key: str) -> Resolution:
    select = sa.select(Resolution).where(Resolution.group_id == group.id, Resolution.slug == key)
    found: Resolution = get_or_404(select)
    return found


def _meeting_form(group: Group) -> MeetingForm:
    form = json_form(MeetingForm)
    form.offer(queries.list_series(group.id), queries.list_members(group.id))
    return form


def _seat_form(group: Group) -> SeatForm:
    form = json_form(SeatForm)
    form.offer(queries.list_members(group.id))
    return form


def _minutes(group: Group, key: str) -> Response:
    return jsonify(minutes_json(get_or_404(queries.shown_meeting(me(), group_id=group.id, slug=key))))


def _seat_json(group: Group, key: str) -> dict[str, object]:
    rows = queries.seats_around(me(), group_id=group.id).all()
    return next(seat_json(row) for row in rows if row.slug == key)
