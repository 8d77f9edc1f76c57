"""Pages of rosters: which there are, their entries, one entry. For officers in scope and admins."""

from flask import Blueprint, Response, render_template, request

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.exports import MEDIA_TYPES, write_table
from alumni.core.paging import page
from alumni.rosters import actions, policy, queries
from alumni.rosters.forms import EntriesForm
from alumni.web import api
from alumni.web.gate import get_or_404, logs_looks, me

bp = Blueprint("rosters", __name__)


@bp.get("/rosters")
def rosters() -> str:
    """What rosters there are in one's scope. It counts, and names nobody."""
    require(policy.can_see_rosters(me()), "officer")
    found = page(queries.rosters(me()), queries.NEWEST, after=api.after())
    counts = queries.count_entries(me(), [row.id for row in found.items])
    return render_template("rosters/rosters.html", rosters=found, counts=counts)


@bp.get("/rosters/cohorts/<slug>")
@logs_looks
def roster(slug: str) -> str | tuple[str, int]:
    """Who was awarded a place in a cohort."""
    require(policy.can_see_rosters(me()), "officer")
    cohort = get_or_404(queries.visible_roster(me(), slug))
    form = EntriesForm(request.args)
    is_valid = form.validate()
    entries = page(
        queries.entries_of(me(), cohort.id, **(form.data if is_valid else {})), queries.BY_NAME, after=api.after()
    )
    actions.log_look(me(), f"cohort:{slug}", rows=len(entries.items))
    db.session.commit()
    html = render_template(
        "rosters/roster.html",
        cohort=cohort,
        entries=entries,
        counts=queries.count_entries(me(), [cohort.id])[cohort.id],
        form=form,
        form_errors=not is_valid,
    )
    return html, 200 if is_valid else 422


@bp.get("/rosters/cohorts/<slug>/entries.<form>")
@logs_looks
def export_roster(slug: str, form: str) -> Response:
    """The same as a file, CSV or XLSX."""
    require(policy.can_see_rosters(me()), "officer")
    if form not in MEDIA_TYPES:
        raise NotFound
    cohort = get_or_404(queries.visible_roster(me(), slug))
    headings, rows = queries.table_of(me(), cohort.id)
    actions.log_export(me(), f"cohort:{slug}", rows=len(rows), form=form)
    db.session.commit()
    response = Response(write_table(form, headings, rows), mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/rosters/entries/<key>")
@logs_looks
def entry(key: str) -> str:
    """One award, with all that the list says of it."""
    require(policy.can_see_rosters(me()), "officer")
    row = get_or_404(queries.visible_entries(me(), key=key))
    actions.log_look(me(), f"entry:{key}", rows=1)
    db.session.commit()
    return render_template(
        "rosters/entry.html",
        entry=row,
        invitation=queries.find_invitation(row.id),
        is_invitable=queries.find_readiness(row.id) in queries.LETTERS,
    )
