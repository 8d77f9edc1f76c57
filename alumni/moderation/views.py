"""Pages of moderation: reporting, the queue, a case, the log."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from alumni.accounts.policy import can_suspend
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.exports import CSV, MEDIA_TYPES, write_table
from alumni.core.paging import Page, page
from alumni.moderation import actions, policy, queries
from alumni.moderation.forms import DecisionForm, LogForm, ReasonForm, ReportForm
from alumni.moderation.models import Decision, Report, ReportReason
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, limited, logs_looks, me, see_other

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
    is_past = request.args.get("state") == "decided"
    if is_past:
        reports = page(queries.decided_reports(me()), queries.NEWEST, after=api.after())
    else:
        reports = page(queries.waiting_reports(me()), queries.OLDEST, after=api.after())
    return render_template("moderation/queue.html", reports=reports, is_past=is_past, is_about=policy.is_about)


@bp.get("/moderation/<key>")
def show(key: str) -> str:
    return _case_page(key, page_form(DecisionForm))


def _case_page(key: str, form: DecisionForm) -> str:
    """What was reported as it looked then beside how it looks now, and what can be decided."""
    case = get_or_404(queries.report_rows(me()).where(Report.key == key))
    require(policy.can_read(me(), case), "another-moderator")
    now, author = queries.find_thing_now(case), queries.find_author(case)
    may_suspend = author is not None and can_suspend(me(), author)
    impossible = {Decision.HIDDEN} if now is None else set()
    impossible |= set() if may_suspend else {Decision.SUSPENDED}
    form.offer_all_but(impossible, is_person=case.member_id is not None)
    return render_template(
        "moderation/show.html",
        case=case,
        now=now,
        author=author,
        author_name=queries.find_name(author),
        others=db.session.execute(queries.other_reports(me(), case)).all(),
        form=form,
        form_errors=bool(form.errors),
        may_decide=policy.can_decide(me(), case),
        may_suspend=may_suspend,
        may_hide=Decision.HIDDEN not in impossible,
    )


@bp.post("/moderation/<key>/take")
def take(key: str) -> Response:
    case = get_or_404(queries.visible_reports(me()).where(Report.key == key))
    actions.take_report(actor=me(), report=case)
    db.session.commit()
    flash(_("You have this case in hand. Nobody else decides it meanwhile."), "done")
    return see_other(".show", key=key)


@bp.post("/moderation/<key>/decide")
def decide(key: str) -> str | Response | tuple[str, int]:
    case = get_or_404(queries.visible_reports(me()).where(Report.key == key))
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
    case: Any = get_or_404(queries.visible_reports(me()).where(Report.key == key))
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


@bp.get("/moderation/log")
def log() -> str | tuple[str, int]:
    require(policy.can_moderate(me()), "moderator")
    form = LogForm(request.args)
    if not form.validate():
        return render_template("moderation/log.html", form=form, lines=Page([], None), form_errors=True), 422
    lines = page(queries.log_lines(me(), **_wanted(form)), queries.NEWEST_LINE, after=api.after(), limit=50)
    after = request.args.get("after", "")
    return render_template("moderation/log.html", form=form, lines=lines, after=after, form_errors=False)


@bp.get("/moderation/log.csv")
@logs_looks
@limited("export", reads=True)
def export_log() -> Response | tuple[str, int]:
    """The same as a file, from where the reader is. The log leaves the house, so that is written down in it."""
    require(policy.can_moderate(me()), "moderator")
    form = LogForm(request.args)
    if not form.validate():
        return render_template("moderation/log.html", form=form, lines=Page([], None), form_errors=True), 422
    wanted = _wanted(form)
    rows = page(queries.log_lines(me(), **wanted), queries.NEWEST_LINE, after=api.after(), limit=queries.MOST_LINES)
    actions.log_export(me(), rows=len(rows.items), wanted=wanted)
    db.session.commit()
    headings = (_("When"), _("Who"), _("Action"), _("To what"), _("Why"), _("Details"), _("From where"))
    table = write_table(CSV, ["ID", *headings], map(_cells, rows.items))
    response = Response(table, mimetype=MEDIA_TYPES[CSV])
    response.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _wanted(form: LogForm) -> dict[str, str]:
    return {name: value or "" for name, value in form.data.items()}


def _cells(line: Any) -> list[Any]:
    """A line as it stands, in UTC: who compares two files finds the same words in both."""
    who = line.actor or (f"account {line.actor_id}" if line.actor_id else "installation")
    facts = json.dumps(line.facts, ensure_ascii=False, sort_keys=True) if line.facts else ""
    return [line.id, line.at.isoformat(), who, line.action, line.subject, line.reason, facts, line.network]
