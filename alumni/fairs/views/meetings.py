"""Asking for a meeting, deciding about it, and one's own meetings."""

from flask import Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import require
from alumni.fairs import actions, calendars, policy, queries
from alumni.fairs.forms import AskForm, ReasonForm
from alumni.fairs.models import RequestState
from alumni.fairs.steps import company_of, event_of, offer_free, request_of, slot_of
from alumni.fairs.views.companies import Answer, bp, company_page
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other
from alumni.web.templating import Words

STATES = {
    RequestState.ASKED: _l("Waits for an answer"),
    RequestState.ACCEPTED: _l("Agreed"),
    RequestState.DECLINED: _l("No, not this time"),
    RequestState.WITHDRAWN: _l("Withdrawn"),
}


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(meeting_states=Words(STATES))


@bp.post("/events/<slug>/companies/<key>/ask")
def ask(slug: str, key: str) -> Answer:
    event = event_of(slug)
    row, form = company_of(event, key), page_form(AskForm)
    offer_free(form, event, queries.slots_of(me(), row.id))
    if not form.validate():
        return company_page(event, key, ask_form=form), 422
    slot = slot_of(row, form.slot.data)
    actions.ask(actor=me(), event=event, company=row, slot=slot, note=form.note.data or "", key=form.key)
    db.session.commit()
    flash(_("You have asked. You get a letter when it is decided."), "done")
    return see_other(".my_meetings", slug=slug)


@bp.get("/events/<slug>/meetings")
def my_meetings(slug: str) -> str:
    """What one asked for and how it stands; for whoever speaks for a company, where to decide."""
    event = event_of(slug)
    return render_template(
        "fairs/meetings.html",
        event=event,
        requests=queries.my_requests(me(), event.id),
        companies=queries.companies_of_contact(me(), event.id),
        has_meetings=bool(queries.my_meetings(me(), event.id)),
        now=clock.now(),
    )


@bp.get("/events/<slug>/meetings.ics")
def calendar(slug: str) -> Response:
    event = event_of(slug)
    written = calendars.write(event, queries.my_meetings(me(), event.id))
    response = Response(written, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-meetings.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/events/<slug>/meetings/<key>/accept")
def accept(slug: str, key: str) -> Response:
    event = event_of(slug)
    asked = request_of(event, key)
    actions.accept(actor=me(), event=event, request=asked)
    db.session.commit()
    flash(_("The meeting is agreed. They get a letter, and whoever else asked for this time as well."), "done")
    return see_other(".company", slug=slug, key=queries.company_of_request(asked).key)


@bp.route("/events/<slug>/meetings/<key>/decline", methods=["GET", "POST"])
def decline(slug: str, key: str) -> Answer:
    event = event_of(slug)
    asked, form = request_of(event, key), page_form(ReasonForm)
    company = queries.company_of_request(asked)
    require(policy.can_represent(me(), company.id), "contact")
    if request.method != "POST" or not form.validate():
        failed = request.method == "POST"
        html = render_template("fairs/decline.html", event=event, company=company, form=form, form_errors=failed)
        return (html, 422) if failed else html
    actions.decline(actor=me(), event=event, request=asked, reason=form.reason.data)
    db.session.commit()
    flash(_("They get a letter with your reason."), "done")
    return see_other(".company", slug=slug, key=company.key)


@bp.post("/events/<slug>/meetings/<key>/withdraw")
def withdraw(slug: str, key: str) -> Response:
    event = event_of(slug)
    actions.withdraw(actor=me(), event=event, request=request_of(event, key))
    db.session.commit()
    flash(_("Withdrawn. The time is free for others."), "done")
    return see_other(".my_meetings", slug=slug)
