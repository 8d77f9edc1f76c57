"""Reporting, the queue, a case and what is decided about it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from alumni.accounts.policy import can_suspend
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.moderation import actions, policy, queries
from alumni.moderation.forms import AppealAnswerForm, DecisionForm, ReasonForm, ReportForm
from alumni.moderation.models import AppealState, Decision, ReportReason
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, limited, me, see_other

bp = Blueprint("moderation", __name__)


@bp.route("/report", methods=["GET", "POST"])
@limited("report")
def report() -> str | Response | tuple[str, int]:
    thing = queries.find_named(me(), request.values)
    form = page_form(ReportForm)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        html = render_template("moderation/report.html", form=form, thing=thing.snapshot, form_errors=failed)
        return html, 422 if failed else 200
    reason = ReportReason(form.reason.data)
    actions.make_report(actor=me(), thing=thing, reason=reason, note=form.note.data or "", key=form.key)
    db.session.commit()
    flash(_("Thank you. A moderator will look at it, and we will write to you what was decided."), "done")
    return redirect(thing.snapshot["url"], 303)  # type: ignore[return-value]


@bp.get("/moderation")
def queue() -> str:
    require(policy.can_moderate(me()), "moderator")
    state = request.args.get("state", "")
    if state == "decided":
        reports = page(queries.decided_reports(me()), queries.NEWEST, after=api.after())
    elif state == "appealed":
        reports = page(queries.appealed_reports(me()), queries.OLDEST, after=api.after())
    else:
        reports = page(queries.waiting_reports(me()), queries.OLDEST, after=api.after())
    return render_template(
        "moderation/queue.html", reports=reports, state=state, is_about=policy.is_about, now=clock.now()
    )


@bp.get("/moderation/<key>")
def show(key: str) -> str:
    return _case_page(key, page_form(DecisionForm))


def _case_page(key: str, form: DecisionForm, answer: AppealAnswerForm | None = None) -> str:
    """What was reported as it looked then beside how it looks now, and what can be decided."""
    case = get_or_404(queries.case_row(me(), key))
    require(policy.can_read(me(), case), "another-moderator")
    now, author = queries.find_thing_now(case), queries.find_author(case)
    may_suspend = author is not None and can_suspend(me(), author)
    impossible = {Decision.HIDDEN} if now is None or case.group_id is not None else set()
    impossible |= {Decision.REMOVED} if case.post_id is None else set()
    impossible |= set() if author is not None else {Decision.WARNED}
    impossible |= set() if may_suspend else {Decision.SUSPENDED}
    form.offer_all_but(impossible, is_person=case.member_id is not None)
    return render_template(
        "moderation/show.html",
        case=case,
        now=now,
        author=author,
        author_name=queries.find_name(author),
        others=db.session.execute(queries.what_others_say(me(), case)).all() if case.others_count else (),
        earlier=db.session.execute(queries.earlier_cases(me(), case)).all(),
        form=form,
        answer=answer or page_form(AppealAnswerForm),
        form_errors=bool(form.errors or (answer and answer.errors)),
        may_decide=policy.can_decide(me(), case),
        may_answer=case.appeal_state == AppealState.APPEALED and policy.can_decide_appeal(me(), case),
        may_suspend=may_suspend,
        may_hide=Decision.HIDDEN not in impossible,
    )


@bp.post("/moderation/<key>/take")
def take(key: str) -> Response:
    case = get_or_404(queries.find_case(me(), key))
    actions.take_report(actor=me(), report=case)
    db.session.commit()
    flash(_("You have this case in hand. Nobody else decides it meanwhile."), "done")
    return see_other(".show", key=key)


@bp.post("/moderation/<key>/decide")
def decide(key: str) -> str | Response | tuple[str, int]:
    case = get_or_404(queries.find_case(me(), key))
    form = page_form(DecisionForm)
    if not form.validate():
        return _case_page(key, form), 422
    try:
        actions.decide_report(actor=me(), report=case, draft=form.draft())
    except Invalid as error:
        form.blame(error)
        return _case_page(key, form), 422
    db.session.commit()
    flash(_("It is decided. We are writing to those concerned."), "done")
    return see_other(".show", key=key)


@bp.route("/moderation/<key>/restore", methods=["GET", "POST"])
def restore(key: str) -> str | Response | tuple[str, int]:
    return _take_back(key, actions.restore_thing, _("It is shown again."))


@bp.route("/moderation/<key>/lift", methods=["GET", "POST"])
def lift(key: str) -> str | Response | tuple[str, int]:
    return _take_back(key, actions.lift_suspension, _("The suspension is over. We are writing to the person."))


def _take_back(key: str, act: Callable[..., None], done: str) -> str | Response | tuple[str, int]:
    """A page that asks why, then does it."""
    case: Any = get_or_404(queries.find_case(me(), key))
    require(policy.can_decide(me(), case), "another-moderator")
    form = page_form(ReasonForm)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        html = render_template("moderation/take_back.html", form=form, case=case, form_errors=failed)
        return html, 422 if failed else 200
    act(actor=me(), report=case, reason=form.reason.data)
    db.session.commit()
    flash(done, "done")
    return see_other(".show", key=key)


@bp.post("/moderation/<key>/answer")
def answer_appeal(key: str) -> str | Response | tuple[str, int]:
    """What becomes of an appeal."""
    case = get_or_404(queries.find_case(me(), key))
    require(policy.can_decide_appeal(me(), case), "another-than-decided")
    form = page_form(AppealAnswerForm)
    if not form.validate():
        return _case_page(key, DecisionForm(), form), 422
    outcome = AppealState(form.outcome.data)
    actions.decide_appeal(actor=me(), report=case, outcome=outcome, reason=form.answer.data)
    db.session.commit()
    flash(_("It is answered. We are writing to those concerned."), "done")
    return see_other(".show", key=key)
