"""Pages of groups: finding them, what one is, joining, its members and who runs it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import Page, page
from alumni.groups import actions, policy, queries
from alumni.groups.forms import AnswerForm, FilterForm, LogReasonForm, ReasonForm, SoughtForm, TermForm
from alumni.groups.models import Group, GroupKind, JoinPolicy, MembershipState, Rhythm
from alumni.groups.queries import Choice, Filters
from alumni.web import api
from alumni.web.errors import moved_pages
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, public, see_other
from alumni.web.templating import country

bp = Blueprint("groups", __name__)


@bp.record_once
def _leads_on(state: BlueprintSetupState) -> None:
    moved_pages(state.app.extensions).append(where_it_went)


NEWEST_SHOWN = 12


@bp.get("/groups")
@public
def browse() -> str | tuple[str, int]:
    return _browse("groups.browse", FilterForm(request.args))


@bp.get("/cohorts")
@public
def cohorts() -> str | tuple[str, int]:
    asked = MultiDict(request.args)
    asked["kind"] = GroupKind.COHORT.value
    return _browse("groups.cohorts", FilterForm(asked))


def _browse(endpoint: str, form: FilterForm) -> str | tuple[str, int]:
    """The list under the filters of the address. What finds nothing says which filter to leave out."""
    if not form.validate():
        return _browse_page(endpoint, form, Filters(), form_errors=True), 422
    filters = form.filters()
    groups = page(queries.browse_groups(me(), filters), queries.BY_NAME, after=api.after())
    if groups.items:
        return _browse_page(endpoint, form, filters, groups=groups, choices=queries.list_choices(me(), filters))
    name = queries.find_programme_name(filters.programme) if filters.programme else ""
    if name is None:
        form.blame(Invalid("programme", "unknown"))
        return _browse_page(endpoint, form, Filters(), form_errors=True), 422
    to_drop = queries.find_what_to_drop(me(), filters)
    choices = [Choice("programme", filters.programme, name)]
    return _browse_page(endpoint, form, filters, groups=groups, choices=choices, to_drop=to_drop)


def _browse_page(
    endpoint: str, form: FilterForm, filters: Filters, *, choices: Sequence[Choice] = (), **context: Any
) -> str:
    by_name: dict[str, list[tuple[str, str, int]]] = {"kind": [], "programme": [], "year": [], "country": []}
    for choice in choices:
        by_name[choice.name].append((choice.value, choice.label, choice.groups))
    by_name["year"].reverse()
    by_name["country"] = sorted(
        ((code, country(code), groups) for code, _label, groups in by_name["country"]), key=lambda choice: choice[1]
    )
    context = {"groups": None, "to_drop": [], "form_errors": False} | context
    return render_template(
        "groups/browse.html", endpoint=endpoint, form=form, filters=filters, choices=by_name, **context
    )


@bp.get("/groups/<slug>")
@public
def show(slug: str) -> str:
    row = shown_group(slug)
    members = None
    if row.is_inside:
        members = page(queries.ready_members(me(), group_id=row.id), queries.NEWEST, limit=NEWEST_SHOWN)
    around = queries.groups_around(me(), group_id=row.id).all()
    above = [other for other in around if other.depth > 0]
    return render_template(
        "groups/show.html",
        row=row,
        group=row,
        offer=policy.state_on_joining(me(), row.join_policy, row.participation, is_fulfilled=row.is_fulfilled),
        admitted=_admitted(row),
        members=members,
        above=above,
        lines=queries.lines_above(above, row.parent_id),
        below=[other for other in around if other.depth < 0],
        countries=_countries_of(row),
        joining=None if row.state == MembershipState.ACTIVE else AnswerForm(),
    )


@bp.get("/groups/<slug>/about")
@public
def about(slug: str) -> str:
    row = shown_group(slug)
    return render_template("groups/about.html", row=row, group=row, admitted=_admitted(row))


@bp.get("/groups/<slug>/members")
def members(slug: str) -> str:
    row = shown_group(slug)
    require(row.is_inside, "insider")
    form = SoughtForm(request.args)
    waiting: Page | None = None
    if row.is_organised and not api.after() and not form.sought():
        waiting = page(queries.requests_of(me(), group_id=row.id), queries.OLDEST)
    return render_template(
        "groups/members.html",
        row=row,
        group=row,
        waiting=waiting,
        is_letting_in=policy.can_admit(row),
        may_appoint=row.is_organised and policy.can_appoint(me(), row.id),
        form=form,
        members=queries.find_members(me(), row.id, form.sought(), after=api.after()),
    )


@bp.get("/groups/<slug>/ask")
def ask(slug: str) -> str | tuple[str, int]:
    """The question of a group to those who ask to be let in."""
    return _ask_page(shown_group(slug), page_form(AnswerForm))


def _ask_page(row: Any, form: AnswerForm) -> str | tuple[str, int]:
    failed = request.method == "POST"
    html = render_template("groups/ask.html", row=row, group=row, form=form, form_errors=failed)
    return (html, 422) if failed else html


@bp.post("/groups/<slug>/join")
def join(slug: str) -> str | Response | tuple[str, int]:
    group, form = get_or_404(queries.visible_groups(me()).where(Group.slug == slug)), page_form(AnswerForm)
    if not form.validate():
        return _ask_page(shown_group(slug), form)
    try:
        state = actions.join_group(actor=me(), group=group, answer=form.answer.data or "", rhythm=form.rhythm())
        db.session.commit()
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
        return _ask_page(shown_group(slug), form)
    if state == MembershipState.ACTIVE:
        flash(_("You are in the group. This is what is going on here."), "done")
    else:
        flash(_("You have asked to join. You get a letter when it is decided."), "done")
    return see_other(".show", slug=slug)


@bp.post("/groups/<slug>/mute")
def mute(slug: str) -> Response:
    _set_muted(slug, is_muted=True)
    flash(_("You get no letters about what is new in this group any more."), "done")
    return see_other(".show", slug=slug)


@bp.post("/groups/<slug>/unmute")
def unmute(slug: str) -> Response:
    _set_muted(slug, is_muted=False)
    flash(_("Once a week a letter tells you what is new in this group."), "done")
    return see_other(".show", slug=slug)


def _set_muted(slug: str, *, is_muted: bool) -> None:
    group = get_or_404(queries.visible_groups(me()).where(Group.slug == slug))
    actions.choose_rhythm(actor=me(), group=group, rhythm=Rhythm.NONE if is_muted else Rhythm.WEEKLY)
    db.session.commit()


@bp.route("/groups/<slug>/archive", methods=["GET", "POST"])
def archive(slug: str) -> str | Response | tuple[str, int]:
    """Closes a group, or opens it again."""
    row = _organised_group(slug)
    form = page_form(LogReasonForm)
    if request.method != "POST" or not form.validate():
        failed = request.method == "POST"
        html = render_template("groups/archive.html", row=row, group=row, form=form, form_errors=failed)
        return (html, 422) if failed else html
    do = actions.reopen_group if row.archived_at else actions.archive_group
    do(actor=me(), group=db.session.get_one(Group, row.id), reason=form.reason.data)
    db.session.commit()
    flash(_("The group is open again.") if row.archived_at else _("The group is archived."), "done")
    return see_other(".show", slug=slug)


@bp.post("/groups/<slug>/requests/<handle>/admit")
def admit(slug: str, handle: str) -> Response:
    group = get_or_404(queries.visible_groups(me()).where(Group.slug == slug))
    actions.admit_member(actor=me(), group=group, handle=handle)
    db.session.commit()
    flash(_("They are in the group now, and have been told."), "done")
    return see_other(".members", slug=slug)


@bp.route("/groups/<slug>/requests/<handle>/decline", methods=["GET", "POST"])
def decline(slug: str, handle: str) -> str | Response | tuple[str, int]:
    row = _organised_group(slug)
    form = page_form(ReasonForm)
    if request.method != "POST" or not form.validate():
        person = get_or_404(queries.requests_of(me(), group_id=row.id, handle=handle))
        return _about_person("groups/decline.html", row, person, form)
    actions.decline_member(actor=me(), group=db.session.get_one(Group, row.id), handle=handle, reason=form.reason.data)
    db.session.commit()
    flash(_("Declined. They have been told why."), "done")
    return see_other(".members", slug=slug)


@bp.route("/groups/<slug>/members/<handle>/remove", methods=["GET", "POST"])
def remove(slug: str, handle: str) -> str | Response | tuple[str, int]:
    row = _organised_group(slug)
    form = page_form(ReasonForm)
    if request.method != "POST" or not form.validate():
        person = get_or_404(queries.ready_members(me(), group_id=row.id, handle=handle))
        return _about_person("groups/remove.html", row, person, form)
    actions.remove_member(actor=me(), group=db.session.get_one(Group, row.id), handle=handle, reason=form.reason.data)
    db.session.commit()
    flash(_("They are out of the group, and have been told why."), "done")
    return see_other(".members", slug=slug)


@bp.route("/groups/<slug>/members/<handle>/organiser", methods=["GET", "POST"])
def organiser(slug: str, handle: str) -> str | Response | tuple[str, int]:
    row = shown_group(slug)
    require(policy.can_appoint(me(), row.id), "organiser-above")
    form = page_form(TermForm)
    if request.method == "POST" and form.validate():
        try:
            actions.appoint_organiser(
                actor=me(), group=db.session.get_one(Group, row.id), handle=handle, term_ends_on=form.day()
            )
            db.session.commit()
            flash(_("They organise the group now, and have been told."), "done")
            return see_other(".members", slug=slug)
        except Invalid as error:
            form.blame(error)
    person = get_or_404(queries.ready_members(me(), group_id=row.id, handle=handle))
    return _about_person("groups/organiser.html", row, person, form)


def shown_group(slug: str) -> Any:
    """The row of a group's pages, or 404."""
    return get_or_404(queries.shown_group(me(), slug=slug))


def _organised_group(slug: str) -> Any:
    row = shown_group(slug)
    require(row.is_organised)
    return row


def _about_person(template: str, row: Any, person: Any, form: Any) -> str | tuple[str, int]:
    failed = request.method == "POST"
    html = render_template(template, row=row, group=row, person=person, form=form, form_errors=failed)
    return (html, 422) if failed else html


def _admitted(row: Any) -> list[Any]:
    """What a participation must be in to join, of a group that is not that of a cohort."""
    asks = row.kind != GroupKind.COHORT and (row.join_policy == JoinPolicy.PARTICIPATION or row.admits_by_itself)
    return list(db.session.execute(queries.admitted_by(row.id))) if asks else []


def where_it_went(args: Mapping[str, Any], path: str) -> str | None:
    """The path of today of a page of a group that had another address, for a reader who may know of the group."""
    slug = str(args.get("slug", ""))
    now = db.session.scalar(queries.where_it_went(me(), slug=slug)) if f"/groups/{slug}" in path else None
    return path.replace(f"/groups/{slug}", f"/groups/{now}", 1) if now else None


def _countries_of(group: Any) -> list[Any]:
    return queries.countries_of(me(), cohort_id=group.cohort_id).all() if group.cohort_id else []
