"""The companies of a fair, and what organisers enter of each."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.core.paging import Page, page
from alumni.events.models import EventState
from alumni.fairs import actions, policy, queries
from alumni.fairs.forms import AskForm, CompanyForm, ContactForm, FilterForm, RowForm, WishForm, values_of
from alumni.fairs.steps import company_of, event_of, event_to_run, offer_free, slot_of
from alumni.web import api
from alumni.web.forms import page_form, text_problem
from alumni.web.gate import get_or_404, me, public, see_other

bp = Blueprint("fairs", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/events/<slug>/companies")
@public
def companies(slug: str) -> Answer:
    event, form = event_of(slug), FilterForm(request.args)
    failed = not form.validate()
    found = Page((), None)
    if not failed:
        found = page(queries.companies(me(), event.id, form.filters()), queries.BY_NAME, after=api.after())
    countries, sectors = queries.countries_and_sectors(event.id)
    html = render_template(
        "fairs/companies.html",
        event=event,
        form=form,
        companies=found,
        countries=countries,
        sectors=sectors,
        is_filtered=any(field.data for field in form),
        mine=queries.companies_of_contact(me(), event.id) if me().is_authenticated else (),
        form_errors=failed,
    )
    return (html, 422) if failed else html


@bp.get("/events/<slug>/companies/<key>")
@public
def company(slug: str, key: str) -> str:
    return company_page(event_of(slug), key)


def company_page(event: Any, key: str, **forms: Any) -> str:
    """A company with what the viewer may do there; `forms`: what was sent and has to be corrected."""
    row = get_or_404(queries.company_page(me(), event.id, "" if text_problem(key) else key))
    slots = queries.slots_of(me(), row.id)
    may_ask = event.state == EventState.PUBLISHED and policy.can_ask(me(), event.id)
    context: dict[str, Any] = {"ask_form": AskForm(), "contact_form": ContactForm()}
    context |= {"row_form": RowForm(data={"starts_at": event.wall_start})} | forms
    offer_free(context["ask_form"], event, slots)
    return render_template(
        "fairs/company.html",
        event=event,
        company=row,
        slots=slots,
        may_ask=may_ask,
        sees_people=may_ask or event.is_inside or row.is_represented,
        requests=queries.requests_to(me(), event.id, row.id) if row.is_represented else (),
        now=clock.now(),
        form_errors=bool(forms),
        **context,
    )


@bp.route("/events/<slug>/companies/new", methods=["GET", "POST"])
def new_company(slug: str) -> Answer:
    event, form = event_to_run(slug), page_form(CompanyForm)
    if request.method == "POST" and form.validate():
        try:
            made = actions.add_company(actor=me(), event=event, draft=form.draft(), key=form.key)
            db.session.commit()
            flash(_("The company is in the list. Lay out its times next."), "done")
            return see_other(".company", slug=slug, key=made.key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _form_page(event, form)


@bp.route("/events/<slug>/companies/<key>/edit", methods=["GET", "POST"])
def edit_company(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    row = company_of(event, key)
    form = page_form(CompanyForm, data=values_of(row))
    if request.method == "POST" and form.validate():
        actions.change_company(actor=me(), event=event, company=row, draft=form.draft())
        db.session.commit()
        flash(_("Saved."), "done")
        return see_other(".company", slug=slug, key=key)
    return _form_page(event, form, company=row)


def _form_page(event: Any, form: CompanyForm, company: Any = None) -> Answer:
    failed = request.method == "POST"
    html = render_template("fairs/edit.html", event=event, form=form, company=company, form_errors=failed)
    return (html, 422) if failed else html


@bp.post("/events/<slug>/companies/<key>/remove")
def remove_company(slug: str, key: str) -> Response:
    event = event_to_run(slug)
    actions.remove_company(actor=me(), event=event, company=company_of(event, key))
    db.session.commit()
    flash(_("The company is out of the list. Whoever had a meeting there gets a letter."), "done")
    return see_other(".companies", slug=slug)


@bp.post("/events/<slug>/companies/<key>/contact")
def ask_contact(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    row, form = company_of(event, key), page_form(ContactForm)
    if not form.validate():
        return company_page(event, key, contact_form=form), 422
    actions.ask_contact(actor=me(), event=event, company=row, email=form.email.data)
    db.session.commit()
    flash(_("We asked them. Once they say yes, they stand here."), "done")
    return see_other(".company", slug=slug, key=key)


@bp.post("/events/<slug>/companies/<key>/contact/answer")
def answer_wish(slug: str, key: str) -> Answer:
    event = event_of(slug)
    row, form = company_of(event, key), page_form(WishForm)
    if not form.validate():
        return company_page(event, key), 422
    is_yes = form.answer.data == "yes"
    actions.answer_wish(actor=me(), event=event, company=row, is_yes=is_yes)
    db.session.commit()
    flash(_("You speak for this company now.") if is_yes else _("You do not speak for this company."), "done")
    return see_other(".company", slug=slug, key=key)


@bp.post("/events/<slug>/companies/<key>/contact/end")
def dismiss_contact(slug: str, key: str) -> Response:
    event = event_of(slug)
    actions.dismiss_contact(actor=me(), event=event, company=company_of(event, key))
    db.session.commit()
    flash(_("Nobody speaks for this company any more."), "done")
    return see_other(".company", slug=slug, key=key)


@bp.post("/events/<slug>/companies/<key>/slots")
def lay_out(slug: str, key: str) -> Answer:
    event = event_to_run(slug)
    row, form = company_of(event, key), page_form(RowForm)
    if form.validate():
        try:
            count = actions.lay_out(actor=me(), event=event, company=row, row=form.row())
            db.session.commit()
            flash(ngettext("%(num)s time is new.", "%(num)s times are new.", count), "done")
            return see_other(".company", slug=slug, key=key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return company_page(event, key, row_form=form), 422


@bp.post("/events/<slug>/companies/<key>/slots/<slot>/remove")
def remove_slot(slug: str, key: str, slot: str) -> Response:
    event = event_to_run(slug)
    row = company_of(event, key)
    actions.remove_slot(actor=me(), event=event, company=row, slot=slot_of(row, slot))
    db.session.commit()
    flash(_("The time is taken out. Whoever had it gets a letter."), "done")
    return see_other(".company", slug=slug, key=key)
