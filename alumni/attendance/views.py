"""Pages of coming to an event: answering, and what organisers see and decide."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from alumni.attendance import actions, queries
from alumni.attendance.forms import (
    PREFIX,
    AnswerForm,
    FileForm,
    FrontForm,
    InviteForm,
    KeepForm,
    PageAnswerForm,
    QuestionForm,
    ReasonForm,
    RepliesNeeded,
    RulesForm,
    SeriesAnswerForm,
    asking,
    reply_of,
    values_of_rules,
)
from alumni.attendance.models import EventQuestion, QuestionKind
from alumni.core import clock, storage
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.keeping import MOST_BYTES, PDF
from alumni.core.paging import page
from alumni.events import policy as events_policy
from alumni.events import queries as events_queries
from alumni.events.models import Answer, AttendanceState, Event
from alumni.web import api
from alumni.web.forms import page_form, text_problem
from alumni.web.gate import get_or_404, me, see_other, takes_file

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
    return _answer_page(event, asking(PageAnswerForm, questions, _sent(event))(data=stands))


@bp.post("/events/<slug>/answer")
def answer(slug: str) -> Response | tuple[str, int]:
    event = get_or_404(events_queries.event_to_answer(me(), slug=slug))
    questions = _questions(event)
    form = page_form(asking(AnswerForm, questions, _sent(event)))
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


@bp.post("/events/series/<key>/answer")
def answer_series(key: str) -> Response:
    """One answer to all dates that are ahead. What came of it is told in one sentence for each kind."""
    dates = [] if text_problem(key) else queries.series_to_answer(me(), key)
    form = page_form(SeriesAnswerForm)
    if not dates or not form.validate():
        raise NotFound
    came_to = actions.answer_series(actor=me(), events=dates, answer=Answer(form.answer.data))
    db.session.commit()
    flash(" ".join(heard_of_series(came_to)), "done")
    return see_other("events.series", key=key)


def heard_of_series(came_to: Mapping[str, int]) -> list[str]:
    """What somebody hears after an answer to a whole series: a sentence for each thing that came of it."""

    def dates(what: str) -> int:
        return came_to.get(what, 0)

    going, waiting, asked = dates(AttendanceState.GOING), dates(AttendanceState.WAITING), dates(AttendanceState.PENDING)
    not_going, asks, closed = dates(AttendanceState.NOT_GOING), dates(actions.ASKS), dates(actions.CLOSED)
    words = (
        (going, ngettext("You are going to %(num)s date.", "You are going to %(num)s dates.", going)),
        (waiting, ngettext("You are in line for %(num)s date.", "You are in line for %(num)s dates.", waiting)),
        (
            asked,
            ngettext("An organiser decides about %(num)s date.", "An organiser decides about %(num)s dates.", asked),
        ),
        (not_going, ngettext("You are not going to %(num)s date.", "You are not going to %(num)s dates.", not_going)),
        (
            asks,
            ngettext("%(num)s date asks you something: open it.", "%(num)s dates ask you something: open them.", asks),
        ),
        (closed, ngettext("%(num)s date takes no answers.", "%(num)s dates take no answers.", closed)),
    )
    return [sentence for count, sentence in words if count]


def _questions(event: Any) -> list[EventQuestion]:
    return list(db.session.scalars(queries.questions_of(event.id))) if event.asks else []


def _refused(slug: str, questions: list[EventQuestion], error: Invalid | None = None) -> tuple[str, int]:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    form = page_form(asking(PageAnswerForm, questions, _sent(event)))
    if form.validate() and form.answer.data == Answer.GOING:
        form.needs_replies()
    if error is not None:
        form.blame(error)
    return _answer_page(event, form, form_errors=True), 422


def _sent(event: Any) -> dict[str, Any]:
    return queries.my_files(me(), event.id) if event.asks else {}


def _answer_page(
    event: Any, form: Any, *, refused: dict[str, FileForm] | None = None, form_errors: bool = False
) -> str:
    questions = [question.key for question, _field in form.asked() if question.kind == QuestionKind.FILE]
    return render_template(
        "attendance/answer.html",
        event=event,
        form=form,
        file_forms={key: FileForm(prefix=key) for key in questions} | (refused or {}),
        refused=next(iter((refused or {}).values()), None),
        files=_sent(event),
        form_errors=form_errors,
    )


@bp.post("/events/<slug>/answer/files/<question>")
@takes_file(MOST_BYTES)
def add_file(slug: str, question: str) -> Response | tuple[str, int]:
    """One file at a time, before the answer, so that a long answer is never lost with a file."""
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    form = page_form(FileForm, prefix=question)
    data = form.file.read(MOST_BYTES)
    is_valid = form.validate() and not text_problem(question)
    try:
        actions.count_file(me(), event)
    finally:
        db.session.commit()  # nobody waits for a lock while a picture is decoded and stored
    try:
        file = actions.keep_file(data) if is_valid else None
    except Invalid as error:
        form.blame(error)
        file = None
    if file is None:
        answer_form = asking(PageAnswerForm, _questions(event), _sent(event))()
        return _answer_page(event, answer_form, refused={question: form}, form_errors=True), 422
    actions.add_file(me(), event, question, file)
    db.session.commit()
    flash(_("Your file is there. Only the organisers and you see it."), "done")
    return see_other(".ask", slug=slug)


@bp.post("/events/<slug>/answer/files/<question>/remove")
def remove_file(slug: str, question: str) -> Response:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    if text_problem(question):
        raise NotFound
    actions.remove_file(me(), event.id, question)
    db.session.commit()
    flash(_("The file is removed."), "done")
    return see_other(".ask", slug=slug)


@bp.get("/replies/<key>")
def reply_file(key: str) -> Response:
    """A picture that we made anew is shown; a PDF is only ever saved, and nothing in either may run."""
    if text_problem(key):
        raise NotFound
    row = get_or_404(queries.file_open_to(me(), key))
    data = storage.files().read(actions.file_of(row.file))
    if data is None:
        raise NotFound
    response = Response(data, mimetype=row.media_type)
    if row.media_type == PDF:
        response.headers["Content-Disposition"] = f'attachment; filename="reply-{row.key}.pdf"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


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
    sent: dict[int, list[Any]] = {}
    if event.asks:
        ids = [person.account_id for person in people.items]
        for row in db.session.execute(queries.replies_of(me(), event_id=event.id, people=ids)):
            said.setdefault(row.account_id, []).append(row)
        for row in db.session.execute(queries.files_of(me(), event_id=event.id, people=ids)):
            sent.setdefault(row.account_id, []).append(row)
    return render_template(
        "attendance/answers.html", event=event, counts=counts, show=show, people=people, said=said, sent=sent
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
