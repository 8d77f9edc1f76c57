"""Inviting the people of a roster: letters, codes on paper, what came back."""

from typing import Any

from flask import Response, current_app, flash, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.core.tokens import paper_code
from alumni.rosters import actions, policy, queries
from alumni.rosters.forms import InviteForm
from alumni.rosters.models import RosterEntry
from alumni.rosters.views.rosters import bp
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, logs_looks, me, see_other, signer

A_SHEET = 100  # codes on one page


@bp.get("/rosters/cohorts/<slug>/invitations")
def invitations(slug: str) -> str:
    """Who would get a letter, who would not and why, and how the letters stand. It counts, and names nobody."""
    require(policy.can_see_rosters(me()), "officer")
    return _page(get_or_404(queries.visible_roster(me(), slug)), page_form(InviteForm))


def _page(cohort: Any, form: InviteForm) -> str:
    return render_template(
        "rosters/invitations.html",
        cohort=cohort,
        form=form,
        ready=queries.count_ready(me(), cohort.id),
        states=queries.count_invitations(me(), cohort.id),
        limit=actions.LETTERS_A_DAY,
    )


@bp.post("/rosters/cohorts/<slug>/invitations")
def invite(slug: str) -> Response:
    require(policy.can_see_rosters(me()), "officer")
    cohort = get_or_404(queries.visible_roster(me(), slug))
    form = page_form(InviteForm)
    form.validate()
    sent = actions.invite_roster(me(), cohort, again=bool(form.again.data))
    db.session.commit()
    if not sent.letters:
        flash(_("There was nobody to write to. Nothing was sent."))
        return see_other(".invitations", slug=slug)
    flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", sent.letters), "done")
    if sent.left:
        flash(ngettext("%(num)s more can be sent tomorrow.", "%(num)s more can be sent tomorrow.", sent.left))
    return see_other(".invitations", slug=slug)


@bp.get("/rosters/cohorts/<slug>/codes")
@logs_looks
def codes(slug: str) -> str:
    """Names and codes to print, cut apart and hand over."""
    require(policy.can_see_rosters(me()), "officer")
    cohort = get_or_404(queries.visible_roster(me(), slug))
    found = page(queries.codes_of(me(), cohort.id), queries.BY_NAME, after=api.after(), limit=A_SHEET)
    actions.log_look(me(), f"cohort:{slug}", rows=len(found.items))
    db.session.commit()
    return render_template(
        "rosters/codes.html",
        cohort=cohort,
        codes=found,
        code_of=_code_to_show,
        base_url=current_app.config["ALUMNI"].base_url,
    )


@bp.post("/rosters/cohorts/<slug>/codes")
def make_codes(slug: str) -> Response:
    require(policy.can_see_rosters(me()), "officer")
    cohort = get_or_404(queries.visible_roster(me(), slug))
    made = actions.print_codes(me(), cohort, _code_of)
    db.session.commit()
    if made:
        flash(ngettext("%(num)s code is made.", "%(num)s codes are made.", made), "done")
    else:
        flash(_("Everybody whom no letter reaches has a code already."))
    return see_other(".codes", slug=slug)


def _code_of(key: str, times: int) -> str:
    return paper_code(signer().derive("code", f"{key}|{times}")[0])


def _code_to_show(row: Any) -> str | None:
    """The code of a row in two groups; None when it was made with a key that the installation has given up."""
    made = [paper_code(each) for each in signer().derive("code", f"{row.key}|{row.times}")]
    code = next((each for each in made if actions.digest_of_code(each) == row.digest), None)
    return f"{code[:5]}-{code[5:]}" if code else None


@bp.post("/rosters/entries/<key>/invite")
def invite_entry(key: str) -> Response:
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    actions.invite_entry(me(), entry)
    db.session.commit()
    flash(_("The letter is on its way. An earlier one opens nothing any more."), "done")
    return see_other(".entry", key=key)


@bp.post("/rosters/entries/<key>/bounced")
def letter_came_back(key: str) -> Response:
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    actions.note_bounce(me(), entry)
    db.session.commit()
    flash(_("Noted. Nobody writes to this address again until a list brings another."), "done")
    return see_other(".entry", key=key)
