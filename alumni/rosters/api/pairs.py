"""Who is whom, as JSON."""

from typing import Any

from flask import Response, jsonify

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.rosters import actions, policy, queries
from alumni.rosters.api.rosters import bp
from alumni.rosters.forms import PairForm, ReasonForm
from alumni.rosters.models import RosterEntry, Verdict
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import logs_looks, me, scope
from alumni.web.openapi import takes


@bp.get("/rosters/duplicates")
@scope("roster")
@logs_looks
def duplicates() -> Response:
    """Entries that may be one person and that nobody has decided, with the reasons."""
    require(policy.can_see_rosters(me()), "officer")
    pairs = queries.page_of_candidates(me(), after=api.after(), limit=api.limit())
    actions.log_look(me(), "duplicates", rows=2 * len(pairs.items))
    db.session.commit()
    return api.list_json(pairs, candidate_json)


@bp.post("/rosters/duplicates/<first>/<second>")
@scope("roster")
@takes(PairForm)
def decide_pair(first: str, second: str) -> Response:
    """Says of two entries that they are the same person, or two people."""
    require(policy.can_see_rosters(me()), "officer")
    pair = _entries_of(first, second)
    form = json_form(PairForm)
    if not form.validate():
        return invalid_form(form)
    act = actions.join_entries if form.verdict.data == Verdict.SAME else actions.keep_apart
    act(me(), *pair, reason=form.reason.data)
    db.session.commit()
    return jsonify(first=pair[0].key, second=pair[1].key, verdict=form.verdict.data)


@bp.post("/rosters/duplicates/<first>/<second>/undo")
@scope("roster")
@takes(ReasonForm)
def undo_pair(first: str, second: str) -> Response:
    """Takes back what was said of two entries."""
    require(policy.can_see_rosters(me()), "officer")
    pair = _entries_of(first, second)
    form = json_form(ReasonForm)
    if not form.validate():
        return invalid_form(form)
    actions.undo_pair(me(), *pair, reason=form.reason.data)
    db.session.commit()
    return jsonify(first=pair[0].key, second=pair[1].key, verdict=None)


def _entries_of(first: str, second: str) -> tuple[RosterEntry, RosterEntry]:
    """Both must be in scope, else neither is there."""
    both = queries.two_entries(me(), first, second)
    if len(both) != 2:
        raise NotFound
    return db.session.get_one(RosterEntry, both[0].id), db.session.get_one(RosterEntry, both[1].id)


def candidate_json(candidate: Any) -> dict[str, Any]:
    return {
        "first": _entry_json(candidate.first),
        "second": _entry_json(candidate.second),
        "reasons": list(candidate.reasons),
        "score": candidate.score,
    }


def _entry_json(entry: Any) -> dict[str, Any]:
    names = ("key", "name_printed", "cohort", "country", "born_on", "number", "institution", "email", "state", "mark")
    return {name: getattr(entry, name) for name in names}
