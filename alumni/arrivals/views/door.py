"""The door of an event, and the ticket that somebody shows there."""

from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from flask import Blueprint, Response, current_app, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from alumni.arrivals import actions, policy, queries
from alumni.arrivals.forms import NoteForm, OthersForm
from alumni.arrivals.models import Arrival
from alumni.arrivals.steps import codes_of, note_from
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.core.text import fold
from alumni.core.tokens import new_key
from alumni.events import queries as events_queries
from alumni.events.models import AttendanceState
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, public, see_other

bp = Blueprint("arrivals", __name__)


@bp.get("/events/<slug>/ticket")
def ticket(slug: str) -> Response:
    """What whoever is going shows at the door: on a phone, or printed."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(event.my_state == AttendanceState.GOING, "going")
    response = make_response(render_template("arrivals/ticket.html", event=event, code=_my_code(event)))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/events/<slug>/ticket.svg")
def ticket_square(slug: str) -> Response:
    """The ticket as a square for a camera: the address of the door, with the code."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(event.my_state == AttendanceState.GOING, "going")
    address = current_app.config["ALUMNI"].base_url + url_for(".door", slug=slug, code=_my_code(event))
    picture = BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="svg", scale=6, border=4, light="white")
    response = Response(picture.getvalue(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


def _my_code(event: Any) -> str:
    return codes_of(event.id, me().handle)[0]


@bp.get("/events/<slug>/check-in")
def door(slug: str) -> Response:
    event = _event(slug)
    return _door_page(event, NoteForm(data={"code": request.args.get("code", "")[:20]}), OthersForm())


@bp.get("/door-worker.js")
@public
def door_worker() -> Response:
    """The script that opens the door without a network. At the root, because it answers for pages of events."""
    script = Path(current_app.static_folder or "") / "js/door-worker.js"
    response = Response(script.read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.post("/events/<slug>/check-in")
def note(slug: str) -> Response:
    event = _event(slug)
    form = page_form(NoteForm)
    if form.validate():
        try:
            arrival = note_from(event, form)
            db.session.commit()
            flash(_noted(arrival), "done")
            return see_other(".door", slug=slug, q=request.args.get("q") or None)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    response = _door_page(event, form, page_form(OthersForm), form_errors=True)
    response.status_code = 422
    return response


def _noted(arrival: Arrival) -> str:
    return str(ngettext("%(num)s person is noted.", "%(num)s people are noted.", arrival.people))


@bp.post("/events/<slug>/check-in/<key>/remove")
def remove(slug: str, key: str) -> Response:
    event = _event(slug)
    actions.take_back(actor=me(), event=event, key=key)
    db.session.commit()
    flash(_("Taken back."), "done")
    return see_other(".door", slug=slug)


def _event(slug: str) -> Any:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(policy.can_keep_door(me(), event.id), "organiser")
    return event


def _door_page(event: Any, form: NoteForm, others: OthersForm, *, form_errors: bool = False) -> Response:
    words = request.args.get("q", "")[:100]
    people = queries.people_expected(me(), event_id=event.id, words=words)
    html = render_template(
        "arrivals/door.html",
        event=event,
        form=form,
        others_form=others,
        people=people,
        visitors=queries.visitors_expected(me(), event_id=event.id, words=words) if event.takes_visitors else (),
        fold=fold,
        codes={person.handle: codes_of(event.id, person.handle)[0] for person in people},
        found_by=queries.words_of,
        others=page(queries.others(me(), event.id), queries.LATEST, after=api.after()),
        came=queries.count_people(event.id),
        words=words,
        is_open=policy.is_open(event, clock.now()),
        new_key=new_key,
        form_errors=form_errors,
    )
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    return response
