"""The report of an event: to read and to print, and to write."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import ChangedMeanwhile, Invalid, NotFound
from alumni.events import queries as events_queries
from alumni.reports import policy, queries
from alumni.reports.actions import MOST_QUOTES
from alumni.reports.forms import ReportForm, facts_of, label_of
from alumni.reports.steps import event_begun, event_of, numbers_of, save_report
from alumni.web.forms import page_form
from alumni.web.gate import me, public, see_other
from alumni.web.i18n import lang

bp = Blueprint("reports", __name__)


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(feedback_label=label_of)


@bp.get("/events/<slug>/report")
@public
def show(slug: str) -> str | Response:
    """In the reader's language, or in the one that the address names; whoever writes it begins where there is none.

    `as=readers`: with the numbers as all others see them, to be printed and handed over.
    """
    event = event_of(slug)
    may_write = policy.can_write(me(), event.id)
    report = db.session.scalar(queries.report_of(me(), event.id))
    if report is None and may_write:
        return see_other(".edit", slug=slug)
    if report is None:
        raise NotFound
    sees_all = may_write and request.args.get("as") != "readers"
    return render_template(
        "reports/show.html",
        event=event,
        report=report,
        hosts=events_queries.hosts_of(me(), event_id=event.id).all() if event.co_hosts else (),
        may_write=may_write,
        sees_all=sees_all,
        numbers=numbers_of(report, sees_all=sees_all),
        pictures=queries.pictures_of(event.id),
        words=queries.text_in(report, "words", lang()),
        minutes=queries.text_in(report, "minutes", lang()),
    )


@bp.get("/events/<slug>/report/edit")
def edit(slug: str) -> str:
    event = event_begun(slug)
    report = queries.find_report(event.id)
    return _form_page(event, ReportForm(data=facts_of(report)))


@bp.post("/events/<slug>/report/edit")
def write(slug: str) -> Response | tuple[str, int]:
    event, form = event_begun(slug), page_form(ReportForm)
    if form.validate():
        try:
            report = save_report(event, form)
            db.session.commit()
            flash(_said(form.publish, is_published=report.is_published), "done")
            return see_other(".show", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
        except ChangedMeanwhile:
            db.session.rollback()
            return _form_page(event, form, is_overtaken=True), 412
    return _form_page(event, form, form_errors=True), 422


def _said(publish: bool | None, *, is_published: bool) -> str:
    if publish:
        return str(_("Published, with the numbers of now."))
    return str(_("Saved.") if is_published else _("Saved as a draft. Only those who run the event see it."))


def _form_page(event: Any, form: ReportForm, *, is_overtaken: bool = False, form_errors: bool = False) -> str:
    form.quotes.leave_room(MOST_QUOTES)
    report = queries.find_report(event.id)
    if is_overtaken and report is not None:
        form.edits.data = str(report.edits)
        form.edits.raw_data = None
    return render_template(
        "reports/edit.html",
        event=event,
        form=form,
        report=report,
        theirs=report if is_overtaken else None,
        pictures=queries.pictures_of(event.id),
        form_errors=form_errors or is_overtaken,
    )
