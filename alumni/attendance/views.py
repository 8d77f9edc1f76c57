"""Pages of coming to an event: answering, and what organisers see and decide."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.attendance import actions, queries
from alumni.attendance.forms import (
    PREFIX,
    AnswerForm,
    FrontForm,
    InviteForm,
    KeepForm,
    PageAnswerForm,
    QuestionForm,
    ReasonForm,
    RepliesNeeded,
    RulesForm,
    asking,
    reply_of,
    values_of_rules,
)
from alumni.attendance.models import EventQuestion, QuestionKind
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.events import policy as events_policy
from alumni.events import queries as events_queries
from alumni.events.models import Answer, AttendanceState, Event
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
    questions = _questions(event)
    if questions:
        lists = {question.key for question in questions if question.kind == QuestionKind.SEVERAL}
        for row in db.session.execute(queries.my_replies(me(), event.id)):
            stands[PREFIX + row.key] = row.value.split("\n") if row.key in lists else row.value
    return _answer_page(event, asking(PageAnswerForm, questions)(data=stands))


@bp.post("/events/<slug>/answer")
def answer(slug: str) -> Response | tuple[str, int]:
    event = get_or_404(events_queries.event_to_answer(me(), slug=slug))
    questions = _questions(event)
    form = page_form(asking(AnswerForm, questions))
    if not form.validate():
        return _refused(slug, questions)
    try:
        state = actions.answer_event(actor=me(), event=event, reply=reply_of(form, event))
        db.session.commit()
    except (Invalid, RepliesNeeded) as error:
        db.session.rollback()
        return _refused(slug, questions, error if isinstance(error, Invalid) else None)
    flash(heard(state), "done")
    return see_other("events.show", slug=slug) if event.is_visible else see_other("events.my_events")


def _questions(event: Any) -> list[EventQuestion]:
    return list(db.session.scalars(queries.questions_of(event.id))) if event.asks else []


def _refused(slug: str, questions: list[EventQuestion], error: Invalid | None = None) -> tuple[str, int]:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    form = page_form(asking(PageAnswerForm, questions))
    if form.validate() and form.answer.data == Answer.GOING:
        form.needs_replies()
    if error is not None:
        form.blame(error)
    return _answer_page(event, form, form_errors=True), 422


def _answer_page(event: Any, form: Any, *, form_errors: bool = False) -> str:
    return render_template("attendance/answer.html", event=event, form=form, form_errors=form_errors)


@bp.get("/events/<slug>/answers")
def answers(slug: str) -> str:
    event = _event_to_run(slug)
    counts = {row.state: row for row in db.session.execute(queries.count_standings(me(), event.id))}
    show = request.args.get("show", "")
    if show not in STANDINGS:
        show = next((name for name in ("pending", "waiting") if name in counts), "going")
    select = queries.people_who_come(me(), event_id=event.id, show=show)
    people = page(select, queries.order(show), after=api.after())
    said: dict[int, list[Any]] = {}
    if event.asks:
        ids = [person.account_id for person in people.items]
        for row in db.session.execute(queries.replies_of(me(), event_id=event.id, people=ids)):
            said.setdefault(row.account_id, []).append(row)
    return render_template("attendance/answers.html", event=event, counts=counts, show=show, people=people, said=said)


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


@bp.route("/events/<slug>/questions", methods=["GET", "POST"])
def questions(slug: str) -> str | Response | tuple[str, int]:
    event = _event_to_run(slug)
    asked = list(db.session.scalars(queries.questions_of(event.id)))
    form = page_form(QuestionForm)
    form.offer(asked)
    if request.method == "POST" and form.validate():
        try:
            actions.add_question(actor=me(), event=event, draft=form.draft())
            db.session.commit()
            flash(_("The question is asked of everybody who answers from now on."), "done")
            return see_other(".questions", slug=slug)
        except Invalid as error:
            form.blame(error)
    return _questions_page(event, asked, form, KeepForm(data={"replies_until": event.replies_until}), form)


@bp.post("/events/<slug>/questions/<key>/remove")
def remove_question(slug: str, key: str) -> Response:
    actions.remove_question(actor=me(), event=_event_to_run(slug), key=key)
    db.session.commit()
    flash(_("The question is not asked any more."), "done")
    return see_other(".questions", slug=slug)


@bp.post("/events/<slug>/questions/keep")
def keep(slug: str) -> str | Response | tuple[str, int]:
    event = _event_to_run(slug)
    form = page_form(KeepForm)
    if form.validate():
        try:
            day, today = date.fromisoformat(form.replies_until.data), clock.now().date()
            actions.keep_replies_until(actor=me(), event=event, day=day, today=today)
            db.session.commit()
            flash(_("Saved. After that day it is deleted."), "done")
            return see_other(".questions", slug=slug)
        except Invalid as error:
            form.blame(error)
    asked = list(db.session.scalars(queries.questions_of(event.id)))
    new = QuestionForm()
    new.offer(asked)
    return _questions_page(event, asked, new, form, form)


def _questions_page(
    event: Event, asked: list[EventQuestion], form: Any, keeping: Any, sent: Any
) -> str | tuple[str, int]:
    failed = request.method == "POST"
    html = render_template(
        "attendance/questions.html",
        event=event,
        questions=asked,
        is_frozen=bool(asked and db.session.scalar(queries.any_reply(event.id))),
        form=form,
        keeping=keeping,
        sent=sent,
        form_errors=failed,
    )
    return (html, 422) if failed else html


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
