"""Marking an entry: nobody writes to whoever is marked."""

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.rosters import actions, policy, queries
from alumni.rosters.forms import MarkForm
from alumni.rosters.models import RosterEntry
from alumni.rosters.views.rosters import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, logs_looks, me, see_other


@bp.get("/rosters/entries/<key>/mark")
@logs_looks
def marking(key: str) -> str:
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    actions.log_look(me(), f"entry:{key}", rows=1)
    db.session.commit()
    form = page_form(MarkForm, mark=entry.mark.value if entry.mark else None)
    return render_template("rosters/mark.html", form=form, entry=entry)


@bp.post("/rosters/entries/<key>/mark")
def mark(key: str) -> Response | tuple[str, int]:
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    form = page_form(MarkForm)
    if not form.validate():
        return render_template("rosters/mark.html", form=form, entry=entry, form_errors=True), 422
    if form.chosen:
        actions.mark_entry(me(), entry, form.chosen, reason=form.reason.data)
    else:
        actions.clear_mark(me(), entry, reason=form.reason.data)
    db.session.commit()
    flash(_("The mark is changed. It holds for every roster that names this person."), "done")
    return see_other(".entry", key=key)
