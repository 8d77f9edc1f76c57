"""Answering by the link of a letter, without signing in. Reading it changes nothing, whoever or whatever reads it."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template
from flask_babel import gettext as _

from alumni.attendance.actions import why_closed
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.viewer import Viewer
from alumni.events import queries as events_queries
from alumni.events.models import AttendanceState
from alumni.reminders import actions, queries
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import get_or_404, me, public, see_other, signer

bp = Blueprint("reminders", __name__)
LINK_LIFE_S = 60 * 24 * 3600


@bp.get("/answer/<token>")
@public
def answer(token: str) -> Response:
    viewer, event = _whose(token)
    return _page(
        "reminders/answer.html", event=event, token=token, closed=why_closed(event, clock.now()), reader=viewer
    )


@bp.post("/answer/<token>/yes")
@public
def still_comes(token: str) -> Response:
    return _done(token, actions.still_comes)


@bp.post("/answer/<token>/no")
@public
def comes_not(token: str) -> Response:
    return _done(token, actions.comes_not)


@bp.post("/events/<slug>/confirm")
def confirm(slug: str) -> Response:
    """The same from the page of the event, for who is signed in."""
    event = get_or_404(events_queries.event_to_answer(me(), slug=slug))
    page_form(BaseForm)
    actions.still_comes(actor=me(), event=event)
    db.session.commit()
    flash(_("Thank you. The organisers see that you still come."), "done")
    return see_other("events.show", slug=slug)


def _done(token: str, act: Any) -> Response:
    viewer, event = _whose(token)
    page_form(BaseForm)
    state: AttendanceState = act(actor=viewer, event=event)
    db.session.commit()
    return _page("reminders/answered.html", event=event, state=state, token=token)


def _whose(token: str) -> tuple[Viewer, Any]:
    """Whose letter it was, and the event as they may answer it. What is forged, too old or not theirs is not found."""
    facts = signer().read("answer", token, max_age_s=LINK_LIFE_S)
    if not isinstance(facts, list) or len(facts) != 2:
        raise NotFound
    viewer = queries.holder_of(int(facts[0]))
    if viewer is None:
        raise NotFound
    return viewer, get_or_404(events_queries.event_to_answer(viewer, slug=str(facts[1])))


def _page(template: str, **context: Any) -> Response:
    """Nothing of it is kept by what lies between us and the reader."""
    response = make_response(render_template(template, **context))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
