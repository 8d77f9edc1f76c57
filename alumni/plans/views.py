"""Pages of plans: those of a cohort, one's own, how it goes, the sums; and the door of the letter that asks."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.paging import page
from alumni.core.viewer import Viewer
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.plans import actions, policy, queries
from alumni.plans.forms import AUDIENCES, PROGRESS, CheckInForm, PlanForm
from alumni.plans.models import MONTHS, Progress
from alumni.programmes.models import Programme
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, public, see_other, signer
from alumni.web.templating import Words

bp = Blueprint("plans", __name__)
LINK_LIFE_S = 90 * 24 * 3600


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(plan_progress=Words(dict(PROGRESS)), plan_readers=Words(dict(AUDIENCES)))


@bp.get("/groups/<slug>/plans")
def in_group(slug: str) -> str:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    may_sum = policy.can_sum(me(), row.id)
    require(row.is_inside or may_sum, "insider")
    return render_template(
        "plans/in_group.html",
        row=row,
        group=row,
        may_plan=policy.can_plan(me(), row, state=row.state),
        mine=queries.my_plan(me(), row.id),
        plans=page(queries.plans_of(me(), group_id=row.id), queries.NEWEST, after=api.after()),
        sums=queries.sums(me(), Group.id == row.id) if may_sum else [],
        months=MONTHS,
    )


@bp.route("/groups/<slug>/plans/mine", methods=["GET", "POST"])
def write(slug: str) -> str | Response | tuple[str, int]:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(policy.can_plan(me(), row, state=row.state), "insider")
    mine = queries.my_plan(me(), row.id)
    form = page_form(PlanForm, obj=mine)
    if request.method == "POST" and form.validate():
        plan = actions.write_plan(actor=me(), group=db.session.get_one(Group, row.id), draft=form.draft())
        db.session.commit()
        flash(_("Saved. In three months, and in twelve, a letter asks how it goes."), "done")
        return see_other(".show", key=plan.key)
    return _form_page("plans/write.html", form, row=row, group=row, mine=mine)


@bp.get("/plans/<key>")
def show(key: str) -> str:
    plan = get_or_404(queries.plans_of(me(), key=key))
    return render_template("plans/show.html", plan=plan, check_ins=queries.check_ins_of(plan.id))


@bp.post("/plans/<key>/remove")
def remove(key: str) -> Response:
    plan = get_or_404(queries.plans_of(me(), key=key))
    actions.remove_plan(actor=me(), key=key)
    db.session.commit()
    flash(_("Your plan is gone."), "done")
    return see_other(".in_group", slug=plan.group_slug)


@bp.route("/plans/<key>/check-in/<after>", methods=["GET", "POST"])
def check_in(key: str, after: str) -> str | Response | tuple[str, int]:
    plan = get_or_404(queries.plans_of(me(), key=key))
    require(plan.is_mine, "owner")
    months, form = queries.months_of(after), page_form(CheckInForm)
    if request.method == "POST" and form.validate():
        _say(me(), key, months, form)
        flash(_("Thank you. That helps the next ones to plan."), "done")
        return see_other(".show", key=key)
    return _form_page("plans/check_in.html", form, plan=plan, months=months)


@bp.route("/plan/<token>", methods=["GET", "POST"])
@public
def answer(token: str) -> Response:
    """The same from a letter, without signing in. Reading it changes nothing, whatever program follows the link."""
    viewer, key, months = _whose(token)
    plan = get_or_404(queries.plans_of(viewer, key=key))
    form = page_form(CheckInForm)
    if request.method == "POST" and form.validate():
        _say(viewer, key, months, form)
        return _private(render_template("plans/thanks.html", plan=plan))
    failed = request.method == "POST"
    html = render_template("plans/check_in.html", form=form, plan=plan, months=months, form_errors=failed)
    return _private(html, 422 if failed else 200)


@bp.get("/programmes/<slug>/plans")
def of_programme(slug: str) -> str:
    """The sums of a programme, for those who act for it."""
    programme = get_or_404(_programme(slug))
    return render_template("plans/of_programme.html", programme=programme, sums=_sums(programme), months=MONTHS)


def _programme(slug: str) -> Any:
    return db.select(Programme).where(Programme.slug == slug)


def _sums(programme: Programme) -> list[queries.Sum]:
    sums = queries.sums(me(), queries.of_programme(programme.id))
    require(bool(sums) or policy.acts_for_somebody(me()), "officer")
    return sums


def _say(viewer: Viewer, key: str, months: int, form: CheckInForm) -> None:
    said = Progress(form.progress.data)
    actions.say_how_it_goes(actor=viewer, key=key, months=months, progress=said, words=form.words.data or "")
    db.session.commit()


def _whose(token: str) -> tuple[Viewer, str, int]:
    facts = signer().read("check-in", token, max_age_s=LINK_LIFE_S)
    if not isinstance(facts, list) or len(facts) != 3:
        raise NotFound
    viewer = queries.holder_of(int(facts[0]))
    if viewer is None:
        raise NotFound
    return viewer, str(facts[1]), int(facts[2])


def _form_page(template: str, form: Any, **context: Any) -> str | tuple[str, int]:
    failed = request.method == "POST"
    html = render_template(template, form=form, form_errors=failed, **context)
    return (html, 422) if failed else html


def _private(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
