"""Moderation within a tree of groups, the people at risk, and the numbers for everybody."""

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.moderation import actions, policy, queries
from alumni.moderation.forms import PersonForm, ReasonForm
from alumni.moderation.views.cases import bp
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, public, see_other


@bp.get("/groups/<slug>/reports")
def in_group(slug: str) -> str:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    cases = page(queries.cases_of_tree(me(), row.id), queries.OLDEST, after=api.after())
    return render_template("moderation/in_group.html", row=row, group=row, cases=cases, now=clock.now())


@bp.route("/groups/<slug>/reports/<key>/hide", methods=["GET", "POST"])
def hold(slug: str, key: str) -> str | Response | tuple[str, int]:
    """An organiser hides it until a moderator looks."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    case = get_or_404(queries.find_case_of_tree(me(), row.id, key))
    form = page_form(ReasonForm)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        html = render_template("moderation/hold.html", group=row, case=case, form=form, form_errors=failed)
        return html, 422 if failed else 200
    actions.hold_for_now(actor=me(), report=case, reason=form.reason.data)
    db.session.commit()
    flash(_("It is hidden until a moderator has looked at it."), "done")
    return see_other(".in_group", slug=slug)


@bp.get("/groups/<slug>/log")
def log_of_group(slug: str) -> str:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    lines = page(queries.lines_of_tree(row.id), queries.NEWEST_LINE, after=api.after(), limit=50)
    return render_template("moderation/log_of_group.html", row=row, group=row, lines=lines)


@bp.route("/moderation/people", methods=["GET", "POST"])
def people() -> str | Response | tuple[str, int]:
    """Who is hidden because of what might be done to them; hiding one more is one act."""
    require(policy.can_moderate(me()), "moderator")
    form = page_form(PersonForm)
    failed = request.method == "POST" and not form.validate()
    if request.method != "POST" or failed:
        hidden = db.session.execute(queries.hidden_people(me())).all()
        html = render_template("moderation/people.html", form=form, people=hidden, form_errors=failed)
        return html, 422 if failed else 200
    person = get_or_404(queries.find_person(me(), form.handle.data))
    actions.hide_person(actor=me(), person=person, reason=form.why.data or "")
    db.session.commit()
    flash(_("They are out of every list but those of their groups. Nobody is told."), "done")
    return see_other(".people")


@bp.post("/moderation/people/<handle>/show")
def show_person(handle: str) -> Response:
    require(policy.can_moderate(me()), "moderator")
    actions.show_person(actor=me(), person=get_or_404(queries.find_person(me(), handle)), reason="")
    db.session.commit()
    flash(_("They are in the lists again that they had chosen."), "done")
    return see_other(".people")


@bp.get("/moderation/figures")
@public
def figures() -> str:
    quarters = queries.quarters_until(clock.now())
    return render_template("moderation/figures.html", quarters=quarters, least=queries.LEAST_SHOWN)
