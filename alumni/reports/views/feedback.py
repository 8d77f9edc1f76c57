"""How it was: what those who came are asked, what they say, and what organisers read of it."""

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core import clock
from alumni.core.db import db
from alumni.reports import actions, policy, queries
from alumni.reports.actions import MOST_QUESTIONS
from alumni.reports.forms import FeedbackForm, QuestionsForm, feedback_form, rows_of
from alumni.reports.steps import event_answered, event_run, mine_of, save_feedback
from alumni.reports.views.writing import bp
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other


@bp.route("/events/<slug>/feedback", methods=["GET", "POST"])
def feedback(slug: str) -> str | Response | tuple[str, int]:
    event = event_answered(slug)
    mine = mine_of(event)
    start = {key: str(value) for key, value in mine.items()}
    form: FeedbackForm = page_form(feedback_form(queries.find_questions(event.id)), data=start)
    if request.method == "POST" and form.validate():
        save_feedback(event, form)
        db.session.commit()
        flash(_("Thank you. The organisers read it without your name."), "done")
        return see_other("events.show", slug=slug)
    failed = request.method == "POST"
    html = render_template(
        "reports/feedback.html",
        event=event,
        form=form,
        is_mine=bool(mine),
        is_open=policy.takes_feedback(event, clock.now()),
        closes_at=event.ends_at + policy.FEEDBACK_STAYS,
        form_errors=failed,
    )
    return (html, 422) if failed else html


@bp.get("/events/<slug>/feedback/questions")
def questions(slug: str) -> str:
    event = event_run(slug)
    return _page(event, QuestionsForm(data=rows_of(queries.find_questions(event.id))))


@bp.post("/events/<slug>/feedback/questions")
def write_questions(slug: str) -> Response | tuple[str, int]:
    event, form = event_run(slug), page_form(QuestionsForm)
    if not form.validate():
        return _page(event, form, form_errors=True), 422
    actions.write_questions(actor=me(), event=event, questions=form.drafts())
    db.session.commit()
    flash(_("Saved."), "done")
    return see_other(".questions", slug=slug)


@bp.post("/events/<slug>/feedback/ask")
def ask(slug: str) -> Response:
    event = event_run(slug)
    actions.ask_those_who_came(actor=me(), event=event)
    db.session.commit()
    flash(_("Everybody who came gets a letter, once."), "done")
    return see_other(".questions", slug=slug)


def _page(event: Any, form: QuestionsForm, *, form_errors: bool = False) -> str:
    form.questions.leave_room(MOST_QUESTIONS)
    answers, results = queries.results_of(event.id)
    return render_template(
        "reports/questions.html",
        event=event,
        form=form,
        asked=queries.find_questions(event.id),
        sheet=queries.find_sheet(event.id),
        answers=answers,
        results=results,
        least=policy.LEAST_ANSWERS,
        is_over=event.ends_at <= clock.now(),
        is_open=policy.takes_feedback(event, clock.now()),
        closes_at=event.ends_at + policy.FEEDBACK_STAYS,
        form_errors=form_errors,
    )
