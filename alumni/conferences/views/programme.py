"""The programme of days: reading it, choosing from it, and writing it."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from alumni.conferences import actions, calendars, policy, queries
from alumni.conferences.forms import SessionForm, values_of
from alumni.conferences.steps import event_of, event_to_run, session_of
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.walltime import wall_of
from alumni.events.models import EventState
from alumni.web.forms import page_form
from alumni.web.gate import me, public, see_other
from alumni.web.templating.places import listed

bp = Blueprint("conferences", __name__)
Answer = str | Response | tuple[str, int]


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """The page of an event leads here where there is something."""
    state.app.jinja_env.globals.update(has_sessions=queries.has_sessions)


@bp.get("/events/<slug>/programme")
@public
def programme(slug: str) -> str:
    """All of it, or of that what the viewer goes to."""
    event = event_of(slug)
    rows = queries.sessions_of(me(), event.id)
    is_mine = request.args.get("mine") == "1" and me().is_authenticated
    may_choose = event.state == EventState.PUBLISHED and policy.can_go(me(), event.id)
    return render_template(
        "conferences/programme.html",
        event=event,
        days=queries.under_days(queries.mine_of(rows) if is_mine else rows, event.zone),
        is_mine=is_mine,
        may_choose=may_choose,
        has_choices=any(row.is_mine for row in rows),
        now=clock.now(),
    )


@bp.get("/events/<slug>/programme.ics")
@public
def calendar(slug: str) -> Response:
    """What the viewer goes to, once they have chosen something; else, and with `?all=1`, the whole programme."""
    event = event_of(slug)
    rows = queries.sessions_of(me(), event.id)
    if any(row.is_mine for row in rows) and request.args.get("all") != "1":
        rows = queries.mine_of(rows)
    response = Response(calendars.write(event, rows), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-programme.ics"'
    return response


@bp.post("/events/<slug>/programme/<key>/choose")
def choose(slug: str, key: str) -> Response:
    event = event_of(slug)
    session = session_of(event, key)
    fallen = actions.choose_session(actor=me(), event=event, session=session)
    db.session.commit()
    said = _("You have chosen: %(title)s.", title=session.title)
    if fallen:
        said += " " + _("It takes the place of: %(titles)s.", titles=str(listed(fallen).unescape()))
    flash(said, "done")
    return see_other(".programme", slug=slug, _anchor=key)


@bp.post("/events/<slug>/programme/<key>/leave")
def leave(slug: str, key: str) -> Response:
    event = event_of(slug)
    session = session_of(event, key)
    actions.leave_session(actor=me(), event=event, session=session)
    db.session.commit()
    flash(_("Your seat is free again: %(title)s.", title=session.title), "done")
    return see_other(".programme", slug=slug, _anchor=key)


@bp.route("/events/<slug>/programme/new", methods=["GET", "POST"])
def new_session(slug: str) -> Answer:
    event = event_to_run(slug)
    form = page_form(SessionForm, data=_start(event))
    if request.method == "POST" and form.validate():
        try:
            session = actions.add_session(actor=me(), event=event, draft=form.draft(), key=form.key)
            db.session.commit()
            flash(_("The session is in the programme."), "done")
            return see_other(".programme", slug=slug, _anchor=session.key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _form_page(event, form)


def _start(event: Any) -> dict[str, Any]:
    """The next session begins where the last one ends."""
    last = max((row.ends_at for row in queries.sessions_of(me(), event.id)), default=event.starts_at)
    return {"starts_at": wall_of(last if last < event.ends_at else event.starts_at, event.zone)}


@bp.route("/events/<slug>/programme/<key>/edit", methods=["GET", "POST"])
def edit_session(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    session = session_of(event, key)
    form = page_form(SessionForm, data=values_of(session, event.zone))
    if request.method == "POST" and form.validate():
        try:
            actions.change_session(actor=me(), event=event, session=session, draft=form.draft())
            db.session.commit()
            flash(_("The session is changed. Whoever chose it keeps the seat."), "done")
            return see_other(".programme", slug=slug, _anchor=key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _form_page(event, form, session=session)


@bp.post("/events/<slug>/programme/<key>/remove")
def remove_session(slug: str, key: str) -> Response:
    event = event_to_run(slug)
    actions.remove_session(actor=me(), event=event, session=session_of(event, key))
    db.session.commit()
    flash(_("The session is out of the programme."), "done")
    return see_other(".programme", slug=slug)


def _form_page(event: Any, form: SessionForm, session: Any = None) -> Answer:
    failed = request.method == "POST"
    html = render_template("conferences/session.html", event=event, form=form, session=session, form_errors=failed)
    return (html, 422) if failed else html
