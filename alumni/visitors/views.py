"""Coming to a public event without an account, by two letters and no password."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask_babel import gettext as _

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.events import queries as events_queries
from alumni.events.models import Event, Mode
from alumni.events.queries import LINK_OPENS
from alumni.visitors import actions, queries
from alumni.visitors.forms import VisitForm
from alumni.visitors.models import Visitor, VisitorState
from alumni.visitors.steps import ask_to_come
from alumni.web.forms import page_form, text_problem
from alumni.web.gate import get_or_404, me, public, see_other, signer

bp = Blueprint("visitors", __name__)
LINK_LIFE_S = 400 * 24 * 3600  # the page behind it goes with the visitor, some weeks after the event


@bp.route("/events/<slug>/visit", methods=["GET", "POST"])
@public
def visit(slug: str) -> str | Response | tuple[str, int]:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    if me().is_authenticated or not queries.is_open(event.id):
        return see_other("events.show", slug=slug)
    form = page_form(VisitForm)
    if request.method == "POST" and form.validate():
        try:
            ask_to_come(event, form.visit())
            flash(_("We have written to you. Follow the link of the letter, and the seat is yours."), "done")
            return see_other("events.show", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    failed = request.method == "POST"
    return render_template("visitors/visit.html", event=event, form=form, form_errors=failed), 422 if failed else 200


@bp.get("/visit/<token>")
@public
def mine(token: str) -> Response:
    """What the link of the letter opens. Reading it changes nothing, whoever or whatever reads it."""
    visitor, event = _whose(token)
    is_time = clock.now() >= event.starts_at - LINK_OPENS
    takes_part_online = event.mode == Mode.ONLINE or visitor.is_online
    shows_link = visitor.state == VisitorState.GOING and is_time and takes_part_online
    html = render_template(
        "visitors/mine.html",
        visitor=visitor,
        event=event,
        token=token,
        is_over=event.ends_at <= clock.now(),
        online_url=event.online_url if shows_link else "",
    )
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.post("/visit/<token>/yes")
@public
def confirm(token: str) -> Response:
    visitor, event = _whose(token)
    actions.confirm(visitor=visitor, event=event)
    db.session.commit()
    return see_other(".mine", token=token)


@bp.post("/visit/<token>/no")
@public
def cancel(token: str) -> Response:
    visitor, event = _whose(token)
    actions.cancel(visitor=visitor, event=event)
    db.session.commit()
    return see_other(".mine", token=token)


@bp.get("/events/<slug>/visitors")
def listed(slug: str) -> str:
    event = _event_to_run(slug)
    return render_template("visitors/listed.html", event=event, visitors=queries.visitors_of(me(), event.id))


@bp.post("/events/<slug>/visitors/<key>/remove")
def remove(slug: str, key: str) -> Response:
    row = _event_to_run(slug)
    if text_problem(key):
        raise NotFound
    actions.remove_visitor(actor=me(), event=db.session.get_one(Event, row.id), key=key)
    db.session.commit()
    flash(_("The seat is free again, and the person gets a letter."), "done")
    return see_other(".listed", slug=slug)


def _event_to_run(slug: str) -> Any:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(event.may_decide, "organiser")
    return event


def _whose(token: str) -> tuple[Visitor, Event]:
    key = signer().read("visit", token, max_age_s=LINK_LIFE_S)
    visitor = queries.find_visitor(key=key) if isinstance(key, str) else None
    event = queries.find_event(visitor) if visitor else None
    if visitor is None or event is None:
        raise NotFound
    return visitor, event
