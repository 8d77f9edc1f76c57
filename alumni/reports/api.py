"""What comes after an event, as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.reports import actions, policy, queries
from alumni.reports.forms import FeedbackForm, LastingForm, ReportForm, feedback_form, label_of
from alumni.reports.models import EventReport
from alumni.reports.queries import Result
from alumni.reports.steps import (
    event_answered,
    event_begun,
    event_of,
    found_lasting,
    mine_of,
    numbers_of,
    save_feedback,
    save_report,
)
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import me, public
from alumni.web.openapi import takes
from alumni.web.templating import href

bp = Blueprint("reports_api", __name__, url_prefix="/api/v1")


@bp.get("/events/<slug>/report")
@public
def report(slug: str) -> Response:
    """In both languages. Of few people from a country or a programme organisers alone are told."""
    event = event_of(slug)
    found = db.session.scalar(queries.report_of(me(), event.id))
    if found is None:
        raise NotFound
    return jsonify(report_json(event, found))


@bp.put("/events/<slug>/report")
@takes(ReportForm)
def write(slug: str) -> Response:
    """`act`: publish counts anew and shows it, draft takes it back, save leaves that as it is."""
    event, form = event_begun(slug), json_form(ReportForm)
    if not form.validate():
        return invalid_form(form)
    saved = save_report(event, form)
    db.session.commit()
    return jsonify(report_json(event, saved))


@bp.get("/events/<slug>/feedback")
def feedback(slug: str) -> Response:
    """What is asked and what one has said; for who runs the event, what all say, without names."""
    event = event_of(slug)
    runs = policy.can_write(me(), event.id)
    require(runs or policy.can_say_how_it_was(me(), event.id), "came")
    return jsonify(feedback_json(event) | (_results_json(event) if runs else {}))


@bp.put("/events/<slug>/feedback")
@takes(FeedbackForm)
def say(slug: str) -> Response:
    """One's own answer: a field for each question, by its key; a number from 1 to 5, or a text."""
    event = event_answered(slug)
    form = json_form(feedback_form(queries.find_questions(event.id)))
    if not form.validate():
        return invalid_form(form)
    save_feedback(event, form)
    db.session.commit()
    return jsonify(feedback_json(event))


@bp.post("/events/<slug>/lasting-group")
@takes(LastingForm)
def lasting(slug: str) -> Response | tuple[Response, int]:
    """201 with the group; sent again, it is the same group."""
    event, form = event_begun(slug), json_form(LastingForm)
    if not form.validate():
        return invalid_form(form)
    group, made = found_lasting(event, form)
    db.session.commit()
    return jsonify(slug=group.slug, name=group.name, letters=made.invited), 201


def report_json(event: Any, found: EventReport) -> dict[str, Any]:
    numbers = numbers_of(found, sees_all=policy.can_write(me(), event.id))
    shown = numbers if found.shows_feedback else {name: value for name, value in numbers.items() if name != "feedback"}
    return {
        "event": event.slug,
        "state": "published" if found.is_published else "draft",
        "words": {"en": found.words_en, "ja": found.words_ja},
        "minutes": {"en": found.minutes_en, "ja": found.minutes_ja},
        "quotes": found.quotes,
        "pictures": [
            {
                "caption": each.caption,
                **{str(size): href("reports.picture", name=each.name, size=size) for size in actions.SIZES},
            }
            for each in queries.pictures_of(event.id)
        ],
        "handed_to": found.handed_to,
        "handed_on": found.handed_on or None,
        "numbers": {name: value for name, value in shown.items() if name != "answers"},
        "counted_at": found.counted_at.isoformat() if found.is_published and found.counted_at else None,
        "edits": found.edits,
    }


def feedback_json(event: Any) -> dict[str, Any]:
    asked = queries.find_questions(event.id)
    return {
        "is_open": policy.takes_feedback(event, clock.now()),
        "until": (event.ends_at + policy.FEEDBACK_STAYS).isoformat(),
        "questions": [{"key": each["key"], "kind": each["kind"], "label": label_of(each)} for each in asked],
        "mine": mine_of(event),
    }


def _results_json(event: Any) -> dict[str, Any]:
    answers, results = queries.results_of(event.id)
    return {"answers": answers, "results": [result_json(each) for each in results]}


def result_json(each: Result) -> dict[str, Any]:
    """`average`, `spread` and `texts` are empty below three answers."""
    return {
        "label": label_of({"label": each.label, "offered": each.offered}),
        "kind": each.kind,
        "answers": each.answers,
        "average": each.average,
        "spread": list(each.spread),
        "texts": list(each.texts),
    }
