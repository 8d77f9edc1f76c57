"""Pages of setting a group up, placing it, making and proposing new ones."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.actions import move_group
from alumni.groups.forms import ReasonForm
from alumni.groups.models import Group
from alumni.settings import actions, policy, queries
from alumni.settings.forms import NewGroupForm, PlaceForm, SetupForm, facts_of
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other

bp = Blueprint("settings", __name__)


@bp.route("/groups/<slug>/settings", methods=["GET", "POST"])
def set_up(slug: str) -> str | Response | tuple[str, int]:
    row, group = _group(slug)
    admitted = list(db.session.execute(groups_queries.admitted_by(group.id)))
    form = page_form(SetupForm, data=facts_of(group, admitted))
    form.offer(queries.list_programmes())
    if request.method == "POST" and form.validate():
        try:
            actions.set_up(actor=me(), group=group, setup=form.setup())
            db.session.commit()
            flash(_("Saved."), "done")
            return see_other("groups.show", slug=group.slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _page("settings/set_up.html", form, row=row, group=row)


@bp.route("/groups/<slug>/settings/place", methods=["GET", "POST"])
def place(slug: str) -> str | Response | tuple[str, int]:
    """Where the group stands: below which, and below which further ones."""
    row, group = _group(slug)
    further = queries.further_parents_of(group)
    parent = db.session.get(Group, group.parent_id) if group.parent_id else None
    known = [(other.slug, other.name) for other in ([parent] if parent else []) + further]
    choices = queries.list_possible_parents(me(), group)
    form = page_form(
        PlaceForm, data={"parent": parent.slug if parent else "", "further": [other.slug for other in further]}
    )
    form.offer([*(pair for pair in known if pair not in choices), *choices])
    if request.method == "POST" and form.validate():
        try:
            move_group(actor=me(), group=group, parent=_named(form.parent.data), further=_all_named(form.further.data))
            db.session.commit()
            flash(_("Saved. Who is in it and what was written there is as before."), "done")
            return see_other("groups.show", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _page("settings/place.html", form, row=row, group=row)


@bp.route("/groups/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """A new group below another, made by who may or proposed by who is in it."""
    parent = _parent(request.args.get("parent", ""))
    is_made = policy.can_make(me(), parent)
    require(is_made or policy.can_propose(me(), parent), "insider" if parent else "verified")
    form = page_form(NewGroupForm)
    if request.method == "POST" and form.validate():
        if is_made:
            group = actions.make_group(actor=me(), key=form.key, parent=parent, new=form.new())
            db.session.commit()
            flash(_("The group exists, and you organise it. Say who may join, then invite people."), "done")
            return see_other(".set_up", slug=group.slug)
        actions.propose_group(actor=me(), key=form.key, parent=parent, new=form.new())
        db.session.commit()
        flash(_("Proposed. You get a letter when it is decided."), "done")
        return see_other(".proposals")
    return _page("settings/new.html", form, parent=parent, is_made=is_made)


@bp.get("/groups/proposals")
def proposals() -> str:
    """What one has proposed, and what one decides."""
    found = page(queries.proposals(me()), queries.LATEST, after=api.after())
    return render_template("settings/proposals.html", proposals=found)


@bp.post("/groups/proposals/<key>/approve")
def approve(key: str) -> Response:
    get_or_404(queries.proposals(me(), key=key))
    group = actions.approve_proposal(actor=me(), key=key)
    db.session.commit()
    flash(_("The group exists. Whoever proposed it organises it, and has been told."), "done")
    return see_other("groups.show", slug=group.slug)


@bp.route("/groups/proposals/<key>/decline", methods=["GET", "POST"])
def decline(key: str) -> str | Response | tuple[str, int]:
    proposal = get_or_404(queries.proposals(me(), key=key))
    require(proposal.is_for_me or not proposal.is_mine, "organiser-above")
    form = page_form(ReasonForm)
    if request.method == "POST" and form.validate():
        actions.decline_proposal(actor=me(), key=key, reason=form.reason.data)
        db.session.commit()
        flash(_("Declined. They have been told why."), "done")
        return see_other(".proposals")
    return _page("settings/decline.html", form, proposal=proposal)


@bp.post("/groups/proposals/<key>/withdraw")
def withdraw(key: str) -> Response:
    get_or_404(queries.proposals(me(), key=key))
    actions.withdraw_proposal(actor=me(), key=key)
    db.session.commit()
    flash(_("Taken back."), "done")
    return see_other(".proposals")


def _group(slug: str) -> tuple[Any, Group]:
    """A group that the viewer sets up: its row for the page, and itself."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    return row, db.session.get_one(Group, row.id)


def _parent(slug: str) -> Group | None:
    return _visible(slug) if slug else None


def _visible(slug: str) -> Group:
    group: Group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    return group


def _named(slug: str) -> Group | None:
    return db.session.query(Group).filter_by(slug=slug).one() if slug else None


def _all_named(slugs: list[str]) -> list[Group]:
    return db.session.query(Group).filter(Group.slug.in_(slugs or [])).order_by(Group.id).all()


def _page(template: str, form: Any, **context: Any) -> str | tuple[str, int]:
    failed = request.method == "POST"
    html = render_template(template, form=form, form_errors=failed, **context)
    return (html, 422) if failed else html
