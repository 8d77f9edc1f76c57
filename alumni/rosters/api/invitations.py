"""Marks and invitations as JSON."""

from typing import Any

from flask import Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.rosters import actions, policy, queries
from alumni.rosters.api.rosters import bp
from alumni.rosters.forms import InviteForm, MarkForm
from alumni.rosters.models import RosterEntry
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me, scope
from alumni.web.openapi import takes


@bp.post("/rosters/entries/<key>/mark")
@scope("roster")
@takes(MarkForm)
def mark(key: str) -> Response:
    """Marks somebody as not to be contacted or deceased, or takes the mark away."""
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    form = json_form(MarkForm)
    if not form.validate():
        return invalid_form(form)
    if form.chosen:
        actions.mark_entry(me(), entry, form.chosen, reason=form.reason.data)
    else:
        actions.clear_mark(me(), entry, reason=form.reason.data)
    db.session.commit()
    return jsonify(key=key, mark=entry.mark)


@bp.get("/rosters/cohorts/<slug>/invitations")
@scope("roster")
def invitations(slug: str) -> Response:
    """Who would get a letter, who would not and why, and how the letters stand: numbers alone."""
    require(policy.can_see_rosters(me()), "officer")
    return jsonify(_figures(get_or_404(queries.visible_roster(me(), slug))))


@bp.post("/rosters/cohorts/<slug>/invitations")
@scope("roster")
@takes(InviteForm)
def invite(slug: str) -> Response:
    """Writes to those who have an address and were not invited."""
    require(policy.can_see_rosters(me()), "officer")
    cohort = get_or_404(queries.visible_roster(me(), slug))
    form = json_form(InviteForm)
    if not form.validate():
        return invalid_form(form)
    sent = actions.invite_roster(me(), cohort, again=bool(form.again.data))
    db.session.commit()
    return jsonify(_figures(cohort) | {"letters": sent.letters, "left": sent.left})


def _figures(cohort: Any) -> dict[str, Any]:
    return {
        "cohort": cohort.slug,
        "ready": queries.count_ready(me(), cohort.id),
        "states": queries.count_invitations(me(), cohort.id),
    }


@bp.post("/rosters/entries/<key>/invite")
@scope("roster")
def invite_entry(key: str) -> Response:
    """Writes to one person. An earlier letter opens nothing any more."""
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    actions.invite_entry(me(), entry)
    db.session.commit()
    return _invitation(entry)


@bp.post("/rosters/entries/<key>/bounced")
@scope("roster")
def letter_came_back(key: str) -> Response:
    """The letter came back: nobody writes to this address again."""
    require(policy.can_see_rosters(me()), "officer")
    entry: RosterEntry = get_or_404(queries.entry_to_keep(me(), key))
    actions.note_bounce(me(), entry)
    db.session.commit()
    return _invitation(entry)


def _invitation(entry: RosterEntry) -> Response:
    row = queries.find_invitation(entry.id)
    if row is None:
        raise LookupError("an invitation that was just written to is not there")
    return jsonify(
        key=entry.key,
        state=row.state,
        times=row.times,
        sent_at=row.sent_at.isoformat(),
        expires_at=row.expires_at.isoformat(),
    )
