"""Pages of outreach: one's own list, a group's, and the sums for everybody."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.exports import CSV, MEDIA_TYPES, write_table
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.outreach import actions, policy, queries
from alumni.outreach.forms import KINDS, MyOutreachForm, OutreachForm, SumsForm, start_of
from alumni.outreach.models import OutreachEntry
from alumni.programmes import queries as programmes_queries
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import for_suspended, get_or_404, limited, logs_looks, me, public, see_other
from alumni.web.templating import country

bp = Blueprint("outreach", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/me/outreach")
@for_suspended
def mine() -> str:
    entries = page(queries.my_entries(me()), queries.NEWEST, after=api.after())
    return render_template("outreach/mine.html", entries=entries)


@bp.route("/me/outreach/new", methods=["GET", "POST"])
def note() -> Answer:
    groups = queries.my_groups(me()).all()
    slugs = [row.slug for row in groups]
    asked = request.args.get("group", "")
    form = page_form(MyOutreachForm, group=asked if asked in slugs else next(iter(slugs), ""))
    form.offer(groups)
    if request.method == "POST" and form.validate():
        actions.note_own(actor=me(), draft=form.draft(), key=form.key, **form.counts_for())
        db.session.commit()
        flash(_("It is noted. Thank you for telling others."), "done")
        return see_other(".mine")
    return _form_page(form)


@bp.get("/groups/<slug>/outreach")
@public
def in_group(slug: str) -> str:
    """The sums for everybody who sees the group; what was done, one by one, for those inside."""
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    entries = None
    if row.is_inside:
        entries = page(queries.entries_in(me(), group_id=row.id), queries.NEWEST, after=api.after())
    sums = queries.sums_of(me(), group_id=row.id).all()
    return render_template("outreach/in_group.html", row=row, group=row, entries=entries, sums=sums)


@bp.route("/groups/<slug>/outreach/new", methods=["GET", "POST"])
def note_for_group(slug: str) -> Answer:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    form = page_form(OutreachForm, country=row.country)
    if request.method == "POST" and form.validate():
        actions.note_for_group(actor=me(), group=row, draft=form.draft(), key=form.key)
        db.session.commit()
        flash(_("It is noted for the group."), "done")
        return see_other(".in_group", slug=slug)
    return _form_page(form, group=row)


@bp.route("/outreach/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> Answer:
    entry = get_or_404(queries.visible_entries(me()).where(OutreachEntry.key == key))
    require(policy.can_edit(me(), entry), "owner")
    group = queries.find_group(entry.group_id)
    form: Any = page_form(OutreachForm if entry.is_of_group else MyOutreachForm, **start_of(entry, group))
    if not entry.is_of_group:
        form.offer(queries.my_groups(me()).all(), group)
    if request.method == "POST" and form.validate():
        place = {} if entry.is_of_group else form.counts_for()
        actions.change_entry(actor=me(), entry=entry, draft=form.draft(), **place)
        db.session.commit()
        flash(_("Saved. The sums follow."), "done")
        return _back(group if entry.is_of_group else None)
    return _form_page(form, entry=entry, group=group if entry.is_of_group else None)


@bp.post("/outreach/<key>/remove")
def remove(key: str) -> Response:
    entry = get_or_404(queries.visible_entries(me()).where(OutreachEntry.key == key))
    group = queries.find_group(entry.group_id) if entry.is_of_group else None
    actions.remove_entry(actor=me(), entry=entry)
    db.session.commit()
    flash(_("Removed."), "done")
    return _back(group)


def _back(group: Any | None) -> Response:
    return see_other(".in_group", slug=group.slug) if group else see_other(".mine")


def _form_page(form: OutreachForm, **context: Any) -> Answer:
    has_errors = bool(form.errors)
    context = {"group": None, "entry": None} | context
    text = render_template("outreach/note.html", form=form, form_errors=has_errors, **context)
    return (text, 422) if has_errors else text


# --- sums


def sums_form() -> SumsForm:
    """What was asked by the address, with the programmes to choose from."""
    form = SumsForm(request.args)
    form.offer(db.session.execute(programmes_queries.in_order(programmes_queries.programmes())).all())
    return form


@bp.get("/outreach")
@public
def sums() -> Answer:
    form = sums_form()
    if not form.validate():
        return render_template("outreach/sums.html", form=form, form_errors=True, rows=None), 422
    select, order = queries.sums(form.by.data, form.chosen())
    asked = {name: getattr(form, name).data or None for name in ("by", "programme", "country", "year")}
    return render_template(
        "outreach/sums.html",
        form=form,
        rows=page(select, order, after=api.after()),
        total=queries.sum_up(form.chosen()),
        may_take_along=policy.can_take_along(me()),
        asked=asked,
    )


@bp.get("/outreach/sums.csv")
@logs_looks
@limited("export", reads=True)
def export() -> Answer:
    """The sums of an officer's scope as a file. Figures leave the house, so that is written down."""
    require(policy.can_take_along(me()), "officer")
    form = sums_form()
    if not form.validate():
        return render_template("outreach/sums.html", form=form, form_errors=True, rows=None), 422
    rows = db.session.execute(queries.sums_to_take_along(me(), form.chosen())).all()
    actions.log_export(me(), rows=len(rows))
    db.session.commit()
    response = Response(write_table(CSV, _headings(), map(_cells, rows)), mimetype=MEDIA_TYPES[CSV])
    response.headers["Content-Disposition"] = 'attachment; filename="outreach.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _headings() -> list[str]:
    places = (_("Programme"), _("Group"), _("Fiscal year"), _("Country"), _("Kind"), _("Entries"))
    return [*places, _("People reached"), _("About as many"), _("More than that"), _("Without a number")]


def _cells(row: Any) -> list[Any]:
    where = country(row.country) if row.country else ""
    kind = dict(KINDS)[row.kind.value]
    return [row.programme, row.group, row.year, where, kind, *(getattr(row, name) for name in queries.FIGURES)]
