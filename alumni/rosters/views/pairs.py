"""Who is whom: entries that may be one person, and what was decided of them."""

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.paging import Page, page
from alumni.rosters import actions, policy, queries
from alumni.rosters.forms import PairForm, ReasonForm
from alumni.rosters.models import RosterEntry, Verdict
from alumni.rosters.views.rosters import bp
from alumni.web import api
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import logs_looks, me, see_other


@bp.get("/rosters/duplicates")
@logs_looks
def duplicates() -> str:
    """Pairs that nobody has decided; or those that somebody has, the latest first."""
    require(policy.can_see_rosters(me()), "officer")
    are_decided = request.args.get("state") == "decided"
    if are_decided:
        rows = page(queries.decided_pairs(me()), queries.LATEST, after=api.after())
        pairs = Page(queries.with_entries(rows.items), rows.next)
    else:
        pairs = queries.page_of_candidates(me(), after=api.after())
    actions.log_look(me(), "duplicates", rows=2 * len(pairs.items))
    db.session.commit()
    return render_template("rosters/duplicates.html", pairs=pairs, are_decided=are_decided)


@bp.get("/rosters/duplicates/<first>/<second>")
@logs_looks
def duplicate(first: str, second: str) -> str:
    """The two beside each other."""
    require(policy.can_see_rosters(me()), "officer")
    html = _pair_page(first, second, page_form(PairForm))
    actions.log_look(me(), f"entry:{first}", rows=2)
    db.session.commit()
    return html


def _pair_page(first: str, second: str, form: BaseForm, *, form_errors: bool = False) -> str:
    both = queries.two_entries(me(), first, second)
    if len(both) != 2:
        raise NotFound
    return render_template(
        "rosters/duplicate.html",
        first=both[0],
        second=both[1],
        decided=queries.find_pair(both[0].id, both[1].id),
        form=form,
        form_errors=form_errors,
    )


def entries_of_pair(first: str, second: str) -> tuple[RosterEntry, RosterEntry]:
    """Both must be in scope, else neither is there."""
    both = queries.two_entries(me(), first, second)
    if len(both) != 2:
        raise NotFound
    return db.session.get_one(RosterEntry, both[0].id), db.session.get_one(RosterEntry, both[1].id)


@bp.post("/rosters/duplicates/<first>/<second>")
def decide_pair(first: str, second: str) -> Response | tuple[str, int]:
    require(policy.can_see_rosters(me()), "officer")
    pair = entries_of_pair(first, second)
    form = page_form(PairForm)
    if not form.validate():
        return _pair_page(first, second, form, form_errors=True), 422
    act = actions.join_entries if form.verdict.data == Verdict.SAME else actions.keep_apart
    act(me(), *pair, reason=form.reason.data)
    db.session.commit()
    flash(_("Decided. It holds through every import, and you can take it back."), "done")
    return see_other(".duplicates")


@bp.post("/rosters/duplicates/<first>/<second>/undo")
def undo_pair(first: str, second: str) -> Response | tuple[str, int]:
    require(policy.can_see_rosters(me()), "officer")
    pair = entries_of_pair(first, second)
    form = page_form(ReasonForm)
    if not form.validate():
        return _pair_page(first, second, form, form_errors=True), 422
    actions.undo_pair(me(), *pair, reason=form.reason.data)
    db.session.commit()
    flash(_("Taken back. The two are open again."), "done")
    return see_other(".duplicates", state="decided")
