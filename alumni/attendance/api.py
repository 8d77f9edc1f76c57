"""Answers as JSON: one's own, and what organisers decide."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.attendance import actions, queries
from alumni.attendance.forms import (
    AnswerForm,
    FrontForm,
    InviteForm,
    QuestionForm,
    ReasonForm,
    RepliesNeeded,
    RulesForm,
    SeriesAnswerForm,
    asking,
    reply_of,
    values_of_rules,
)
from alumni.attendance.models import EventQuestion
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.paging import page
from alumni.events import policy as events_policy
from alumni.events import queries as events_queries
from alumni.events.models import Answer, AttendanceState, Event
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form, text_problem
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("attendance_api", __name__, url_prefix="/api/v1/events")


@bp.post("/<slug>/answer")
@takes(AnswerForm)
def answer(slug: str) -> Response:
    """What came of it: `going`, `waiting` with the place in line, `pending` …

    Replies to questions are sent as `q_` and the key of the question.
    """
    event = get_or_404(events_queries.event_to_answer(me(), slug=slug))
    questions = db.session.scalars(queries.questions_of(event.id)).all() if event.asks else []
    sent = queries.my_files(me(), event.id) if questions else {}
    form = json_form(asking(AnswerForm, questions, sent))
    if not form.validate():
        return invalid_form(form)
    try:
        reply = reply_of(form, event)
    except RepliesNeeded:
        return invalid_form(form)
    state = actions.answer_event(actor=me(), event=event, reply=reply)
    db.session.commit()
    return jsonify(slug=slug, answer=state, place=_place(slug) if state == AttendanceState.WAITING else None)


@bp.post("/series/<key>/answer")
@takes(SeriesAnswerForm)
def answer_series(key: str) -> Response:
    """One answer to all dates of a series that are ahead: how many of them came to what."""
    form = json_form(SeriesAnswerForm)
    if not form.validate():
        return invalid_form(form)
    dates = [] if text_problem(key) else queries.series_to_answer(me(), key)
    if not dates:
        raise NotFound
    came_to = actions.answer_series(actor=me(), events=dates, answer=Answer(form.answer.data))
    db.session.commit()
    return jsonify(dates=dict(came_to))


def _place(slug: str) -> int | None:
    row = get_or_404(events_queries.event_to_answer(me(), slug=slug))
    if row.my_line_no is None:
        return None
    return events_queries.place_in_line(
        me(), event_id=row.id, is_online=row.my_is_online, line_no=row.my_line_no
    ).scalar()


@bp.get("/<slug>/questions")
def questions(slug: str) -> Response:
    """What is asked of those who come."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    asked = db.session.scalars(queries.questions_of(event.id)) if event.asks else ()
    return jsonify(items=[question_json(question) for question in asked])


@bp.post("/<slug>/questions")
@takes(QuestionForm)
def add_question(slug: str) -> tuple[Response, int] | Response:
    event, form = _event_to_run(slug), json_form(QuestionForm)
    form.offer(db.session.scalars(queries.questions_of(event.id)).all())
    if not form.validate():
        return invalid_form(form)
    question = actions.add_question(actor=me(), event=event, draft=form.draft())
    db.session.commit()
    return jsonify(question_json(question)), 201


@bp.delete("/<slug>/questions/<key>")
def remove_question(slug: str, key: str) -> tuple[str, int]:
    actions.remove_question(actor=me(), event=_event_to_run(slug), key=key)
    db.session.commit()
    return "", 204


@bp.get("/<slug>/answers")
def answers(slug: str) -> Response:
    """For who runs the event. `show`: pending, waiting, going or maybe."""
    event = _event_to_run(slug)
    show = request.args.get("show", "going")
    if show not in queries.SHOWN:
        raise Invalid("show", "unknown")
    people = queries.people_who_come(me(), event_id=event.id, show=show)
    return api.list_json(page(people, queries.order(show), after=api.after(), limit=api.limit()), person_json)


@bp.post("/<slug>/answers/<handle>/approve")
def approve(slug: str, handle: str) -> Response:
    state = actions.approve_attendance(actor=me(), event=_event_to_run(slug), handle=handle)
    db.session.commit()
    return jsonify(handle=handle, answer=state)


@bp.post("/<slug>/answers/<handle>/decline")
@takes(ReasonForm)
def decline(slug: str, handle: str) -> Response:
    event, form = _event_to_run(slug), json_form(ReasonForm)
    if not form.validate():
        return invalid_form(form)
    actions.decline_attendance(actor=me(), event=event, handle=handle, reason=form.reason.data)
    db.session.commit()
    return jsonify(handle=handle, answer=AttendanceState.DECLINED)


@bp.post("/<slug>/answers/<handle>/front")
@takes(FrontForm)
def front(slug: str, handle: str) -> Response:
    event, form = _event_to_run(slug), json_form(FrontForm)
    if not form.validate():
        return invalid_form(form)
    actions.move_to_front(actor=me(), event=event, handle=handle, reason=form.reason.data)
    db.session.commit()
    return jsonify(handle=handle)


@bp.put("/<slug>/answers/rules")
@takes(RulesForm)
def rules(slug: str) -> Response:
    """How one answers; what is not sent is emptied."""
    event = _event_to_run(slug)
    form = json_form(RulesForm)
    if not form.validate():
        return invalid_form(form)
    actions.set_rules(actor=me(), event=event, rules=form.rules(event.zone))
    db.session.commit()
    shown = values_of_rules(event)
    return jsonify({name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in shown.items()})


@bp.post("/<slug>/invitations")
@takes(InviteForm)
def invite(slug: str) -> tuple[Response, int] | Response:
    event, form = _event_to_run(slug), json_form(InviteForm)
    if not form.validate():
        return invalid_form(form)
    new = actions.invite_to_event(actor=me(), event=event, handles=form.members)
    db.session.commit()
    return jsonify(invited=new), 201


def _event_to_run(slug: str) -> Event:
    event: Event = get_or_404(events_queries.visible_events(me()).where(Event.slug == slug))
    require(events_policy.can_run(me(), event.id), "organiser")
    return event


def question_json(question: EventQuestion) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "label": question.label,
        "choices": question.choices.split("\n") if question.choices else [],
        "is_required": question.is_required,
        "only_if_value": question.only_if_value or None,
    }


def person_json(person: Any) -> dict[str, Any]:
    """`name` is null where somebody shows it to nobody here."""
    return {
        "handle": person.handle,
        "name": person.name,
        "name_romanised": person.name_romanised,
        "country": person.country,
        "answer": person.state,
        "is_online": person.is_online,
        "guests": person.guests.split("\n") if person.guests else [],
        "answered_at": person.answered_at.isoformat(),
        "offered_until": person.offered_until.isoformat() if person.offered_until else None,
    }
