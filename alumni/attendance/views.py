"""Pages of coming to an event: answering, and what organisers see and decide."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.attendance import actions, queries
from alumni.attendance.forms import (
    AnswerForm,
    FrontForm,
    InviteForm,
    PageAnswerForm,
    ReasonForm,
    RulesForm,
    values_of_rules,
)
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.events import policy as events_policy
from alumni.events import queries as events_queries
from alumni.events.models import AttendanceState, Event
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other

bp = Blueprint("attendance", __name__)
STANDINGS = tuple(queries.SHOWN)


def heard(state: AttendanceState) -> str:
    """What somebody hears after an answer."""
    words: dict[AttendanceState, str] = {
        AttendanceState.GOING: _("You are going. Add it to your calendar with the calendar file."),
        AttendanceState.MAYBE: _("You said perhaps. Say yes as soon as you know, while there are seats."),
        AttendanceState.NOT_GOING: _("You are not going."),
        AttendanceState.WAITING: _("All seats are taken. You are in line, and get a letter when a seat is yours."),
        AttendanceState.PENDING: _("You have asked to come. You get a letter when an organiser has decided."),
    }
    return words[state]


@bp.get("/events/<slug>/answer")
def ask(slug: str) -> str:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(event.may_answer, "invited" if event.is_by_invitation else "member")
    stands = {
        "answer": event.my_state if event.my_state in ("maybe", "not_going") else "going",
        "is_online": "1" if event.my_is_online else "",
        "guests": event.my_guests or "",
    }
    return _answer_page(event, PageAnswerForm(data=stands))


@bp.post("/events/<slug>/answer")
def answer(slug: str) -> Response | tuple[str, int]:
    form = page_form(AnswerForm)
    if not form.validate():
        return _refused(slug)
    event = get_or_404(events_queries.event_to_answer(me(), slug=slug))
    try:
        state = actions.answer_event(actor=me(), event=event, reply=form.reply())
        db.session.commit()
    except Invalid as error:
        db.session.rollback()
        return _refused(slug, error)
    flash(heard(state), "done")
    return see_other("events.show", slug=slug) if event.is_visible else see_other("events.my_events")


def _refused(slug: str, error: Invalid | None = None) -> tuple[str, int]:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    form = page_form(PageAnswerForm)
    form.validate()
    if error is not None:
        form.blame(error)
    return _answer_page(event, form, form_errors=True), 422


def _answer_page(event: Any, form: PageAnswerForm, *, form_errors: bool = False) -> str:
    return render_template("attendance/answer.html", event=event, form=form, form_errors=form_errors)


@bp.get("/events/<slug>/answers")
def answers(slug: str) -> str:
    event = _event_to_run(slug)
    counts = {row.state: row for row in db.session.execute(queries.count_standings(me(), event.id))}
    show = request.args.get("show", "")
    if show not in STANDINGS:
        show = next((name for name in ("pending", "waiting") if name in counts), "going")
    people = queries.people_who_come(me(), event_id=event.id, show=show)
    return render_template(
        "attendance/answers.html",
        event=event,
        counts=counts,
        show=show,
        people=page(people, queries.order(show), after=api.after()),
    )


@bp.post("/events/<slug>/answers/<handle>/approve")
def approve(slug: str, handle: str) -> Response:
    event = _event_to_run(slug)
    state = actions.approve_attendance(actor=me(), event=event, handle=handle)
    db.session.commit()
    waits = state == AttendanceState.WAITING
    flash(_("All seats are taken, so they are in line now.") if waits else _("They come, and have been told."), "done")
    return see_other(".answers", slug=slug, show="pending")


@bp.route("/events/<slug>/answers/<handle>/decline", methods=["GET", "POST"])
def decline(slug: str, handle: str) -> str | Response | tuple[str, int]:
    event = _event_to_run(slug)
    form = page_form(ReasonForm)
    if request.method != "POST" or not form.validate():
        return _about_person("attendance/decline.html", event, handle, form)
    actions.decline_attendance(actor=me(), event=event, handle=handle, reason=form.reason.data)
    db.session.commit()
    flash(_("They do not come, and have been told why."), "done")
    return see_other(".answers", slug=slug)


@bp.route("/events/<slug>/answers/<handle>/front", methods=["GET", "POST"])
def front(slug: str, handle: str) -> str | Response | tuple[str, int]:
    event = _event_to_run(slug)
    form = page_form(FrontForm)
    if request.method != "POST" or not form.validate():
        return _about_person("attendance/front.html", event, handle, form)
    actions.move_to_front(actor=me(), event=event, handle=handle, reason=form.reason.data)
    db.session.commit()
    flash(_("The next seat is theirs."), "done")
    return see_other(".answers", slug=slug, show="waiting")


@bp.route("/events/<slug>/answers/rules", methods=["GET", "POST"])
def rules(slug: str) -> str | Response | tuple[str, int]:
    event = _event_to_run(slug)
    form = page_form(RulesForm, data=values_of_rules(event))
    if request.method == "POST" and form.validate():
        try:
            actions.set_rules(actor=me(), event=event, rules=form.rules(event.zone))
            db.session.commit()
            flash(_("Saved. What people hold already stays theirs."), "done")
            return see_other(".answers", slug=slug)
        except Invalid as error:
            form.blame(error)
    failed = request.method == "POST"
    return render_template("attendance/rules.html", event=event, form=form, form_errors=failed), 422 if failed else 200


@bp.route("/events/<slug>/invitations", methods=["GET", "POST"])
def invitations(slug: str) -> str | Response | tuple[str, int]:
    event = _event_to_run(slug)
    form = page_form(InviteForm)
    if request.method == "POST" and form.validate():
        try:
            new = actions.invite_to_event(actor=me(), event=event, handles=form.members)
            db.session.commit()
            flash(_("Invited: %(n)s. Each gets a letter.", n=new), "done")
            return see_other(".invitations", slug=slug)
        except Invalid as error:
            form.blame(error)
    failed = request.method == "POST"
    invited = db.session.execute(queries.people_invited(me(), event_id=event.id)).all()
    html = render_template("attendance/invitations.html", event=event, form=form, invited=invited, form_errors=failed)
    return html, 422 if failed else 200


def _event_to_run(slug: str) -> Event:
    event: Event = get_or_404(events_queries.visible_events(me()).where(Event.slug == slug))
    require(events_policy.can_run(me(), event.id), "organiser")
    return event


def _about_person(template: str, event: Event, handle: str, form: Any) -> str | tuple[str, int]:
    people = [queries.people_who_come(me(), event_id=event.id, show=show, handle=handle) for show in STANDINGS]
    person = next((found for select in people if (found := db.session.execute(select).first())), None)
    person = person or get_or_404(people[0])
    failed = request.method == "POST"
    html = render_template(template, event=event, person=person, form=form, form_errors=failed)
    return (html, 422) if failed else html
