"""/circulars: to write to many at once, to see how many that are, to send it at a time, to see what became of it."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.circulars import actions, policy, queries
from alumni.circulars.forms import FILTERS, CircularForm, PlanForm, values_of
from alumni.circulars.models import Circular, CircularState
from alumni.circulars.steps import figures, find, prepared, readers_of, with_zones
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other
from alumni.web.templating import Words

bp = Blueprint("circulars", __name__)
STATES = Words(
    {
        CircularState.DRAFT: _l("Draft"),
        CircularState.PLANNED: _l("Planned"),
        CircularState.SENDING: _l("On its way"),
        CircularState.SENT: _l("Sent"),
        CircularState.STOPPED: _l("Stopped"),
    }
)


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(circular_states=STATES)


@bp.get("/circulars")
def circulars() -> str:
    require(policy.can_write(me()), "organiser")
    found = page(queries.circulars_of(me()), queries.NEWEST, after=api.after())
    return render_template("circulars/circulars.html", circulars=found)


@bp.route("/circulars/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    require(policy.can_write(me()), "organiser")
    start = {"reach": f"group:{request.args['group']}"} if request.args.get("group") else {}
    form = prepared(page_form(CircularForm, data=start), me())
    if request.method != "POST":
        return _form_page(form)
    if form.validate():
        try:
            circular = actions.write_circular(actor=me(), key=form.key, draft=form.draft())
        except Invalid as error:
            form.blame(error)
        else:
            db.session.commit()
            return see_other(".show", key=circular.key)
    return _form_page(form, form_errors=True), 422


@bp.route("/circulars/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> str | Response | tuple[str, int]:
    circular = find(me(), key)
    require(policy.can_edit(me(), circular), "author")
    group = queries.group_of(circular)
    start = values_of(circular, queries.versions_of(circular), group.slug if group else "")
    form = prepared(page_form(CircularForm, data=start), me())
    if request.method != "POST":
        return _form_page(form, circular=circular)
    if form.validate():
        try:
            actions.edit_circular(actor=me(), circular=circular, draft=form.draft())
        except Invalid as error:
            form.blame(error)
        else:
            db.session.commit()
            flash(_("Saved."), "done")
            return see_other(".show", key=key)
    return _form_page(form, circular=circular, form_errors=True), 422


def _form_page(form: CircularForm, *, circular: Circular | None = None, form_errors: bool = False) -> str:
    return render_template("circulars/form.html", form=form, circular=circular, form_errors=form_errors)


@bp.get("/circulars/<key>")
def show(key: str) -> str:
    return _show(find(me(), key), with_zones(PlanForm(), me()))


def _show(circular: Circular, form: PlanForm, *, form_errors: bool = False) -> str:
    is_draft, may_edit = circular.state == CircularState.DRAFT, policy.can_edit(me(), circular)
    values: dict[str, Any] = {name: circular.filters.get(name, "") for name in FILTERS}
    return render_template(
        "circulars/show.html",
        circular=circular,
        versions=queries.versions_of(circular),
        group=queries.group_of(circular),
        filters=values,
        programmes=dict(queries.programmes_to_choose()) if values["programme"] else {},
        may_edit=may_edit and is_draft,
        readers=readers_of(me(), circular) if is_draft and may_edit else None,
        figures=None if is_draft else figures(circular),
        form=form,
        form_errors=form_errors,
    )


@bp.post("/circulars/<key>/test")
def try_it(key: str) -> Response:
    actions.try_circular(actor=me(), circular=find(me(), key))
    db.session.commit()
    flash(_("The letter is on its way to you alone, once for each language."), "done")
    return see_other(".show", key=key)


@bp.post("/circulars/<key>/plan")
def plan(key: str) -> Response | tuple[str, int]:
    circular = find(me(), key)
    form = with_zones(page_form(PlanForm), me())
    if form.validate():
        try:
            actions.plan_circular(actor=me(), circular=circular, **form.moment())
        except Invalid as error:
            form.blame(error)
        else:
            db.session.commit()
            flash(_("The letters go out, each in the language of its reader."), "done")
            return see_other(".show", key=key)
    return _show(circular, form, form_errors=True), 422


@bp.post("/circulars/<key>/stop")
def stop(key: str) -> Response:
    circular = find(me(), key)
    actions.stop_circular(actor=me(), circular=circular)
    db.session.commit()
    flash(_("No further letter goes out."), "done")
    return see_other(".show", key=key)


@bp.post("/circulars/<key>/forget")
def forget(key: str) -> Response:
    actions.forget_circular(actor=me(), circular=find(me(), key))
    db.session.commit()
    flash(_("The draft is gone."), "done")
    return see_other(".circulars")
