"""Pages of roles: who does what, giving, ending, handing over, and the pack for a successor."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound, require
from alumni.groups import policy as groups_policy
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group, Role
from alumni.roles import actions, policy, queries
from alumni.roles.forms import ROLES, EndRoleForm, HandOverForm, RoleForm
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other
from alumni.web.templating import Words

bp = Blueprint("roles", __name__)


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(role_words=Words(ROLES))


@bp.get("/groups/<slug>/roles")
def in_group(slug: str) -> str:
    row = _group(slug)
    return render_template(
        "roles/in_group.html",
        row=row,
        group=row,
        now=db.session.execute(queries.roles_of(me(), group_id=row.id)).all(),
        past=db.session.execute(queries.roles_of(me(), group_id=row.id, is_over=True)).all(),
        gives_organiser=groups_policy.can_appoint(me(), row.id),
        today=clock.now().date().isoformat(),
        soon=(clock.now() + queries.WARN_BEFORE).date().isoformat(),
    )


@bp.route("/groups/<slug>/roles/new", methods=["GET", "POST"])
def give(slug: str) -> str | Response | tuple[str, int]:
    row = _group(slug)
    require(row.is_organised)
    form = page_form(RoleForm, data={"handle": request.args.get("member", "")})
    if request.method == "POST" and form.validate():
        try:
            group = db.session.get_one(Group, row.id)
            actions.give_role(actor=me(), group=group, handle=form.handle.member, term=form.term())
            db.session.commit()
            flash(_("They have the role now, and have been told."), "done")
            return see_other(".in_group", slug=slug)
        except Invalid as error:
            form.blame(error)
    return _form_page("roles/give.html", row, form)


@bp.route("/groups/<slug>/roles/<key>/end", methods=["GET", "POST"])
def end(slug: str, key: str) -> str | Response | tuple[str, int]:
    row, tenure = _tenure(slug, key)
    form = page_form(EndRoleForm)
    if request.method == "POST" and form.validate():
        group = db.session.get_one(Group, row.id)
        actions.end_role(actor=me(), group=group, key=key, reason=form.reason.data)
        db.session.commit()
        flash(_("The term has ended."), "done")
        return see_other(".in_group", slug=slug)
    return _form_page("roles/end.html", row, form, tenure=tenure)


@bp.route("/groups/<slug>/roles/<key>/hand-over", methods=["GET", "POST"])
def hand_over(slug: str, key: str) -> str | Response | tuple[str, int]:
    row, tenure = _tenure(slug, key)
    form = page_form(HandOverForm)
    if request.method == "POST" and form.validate():
        try:
            group = db.session.get_one(Group, row.id)
            who = form.handle.member
            actions.hand_over(actor=me(), group=group, key=key, handle=who, ends_on=form.last_day())
            db.session.commit()
            flash(_("Handed over. The successor has been told, and finds everything in the hand-over pack."), "done")
            return see_other(".in_group", slug=slug)
        except Invalid as error:
            form.blame(error)
    return _form_page("roles/hand_over.html", row, form, tenure=tenure)


@bp.get("/groups/<slug>/roles/pack")
def pack(slug: str) -> str:
    """What a successor has to know, on one page that prints."""
    row = _group(slug)
    require(row.is_organised)
    return render_template(
        "roles/pack.html",
        row=row,
        group=row,
        waiting=queries.count_waiting(row.id),
        proposals=queries.count_proposals(row.id),
        texts=db.session.execute(queries.texts_to_use_again(row.id)).all(),
        events=db.session.execute(queries.events_to_hand_over(me(), group_id=row.id)).all(),
        contacts=db.session.execute(queries.contacts(me(), group_id=row.id)).all(),
        now=db.session.execute(queries.roles_of(me(), group_id=row.id)).all(),
        past=db.session.execute(queries.roles_of(me(), group_id=row.id, is_over=True)).all(),
        today=clock.now().date().isoformat(),
    )


def _group(slug: str) -> Any:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    return row


def _tenure(slug: str, key: str) -> tuple[Any, Any]:
    """A role that the viewer may end or hand over."""
    row = _group(slug)
    shown = db.session.execute(queries.roles_of(me(), group_id=row.id, key=key)).first()
    if shown is None:
        get_or_404(queries.roles_of(me(), group_id=row.id, is_over=True, key=key))
        raise actions.TenureOver
    tenure = queries.find_tenure(row.id, key)
    if tenure is None:
        raise NotFound
    who = "organiser-above" if tenure.role == Role.ORGANISER else "organiser"
    require(policy.can_hand_over(me(), tenure), who)
    return row, shown


def _form_page(template: str, row: Any, form: Any, **context: Any) -> str | tuple[str, int]:
    failed = request.method == "POST"
    html = render_template(template, row=row, group=row, form=form, form_errors=failed, **context)
    return (html, 422) if failed else html
