"""Elections as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.elections import actions, queries
from alumni.elections.forms import ElectionForm, NameForm, StandForm, VoteForm
from alumni.elections.models import Election
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("elections_api", __name__, url_prefix="/api/v1")


@bp.get("/groups/<slug>/elections")
def in_group(slug: str) -> Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    found = page(queries.elections_of(me(), group_id=row.id), queries.LATEST, after=api.after(), limit=api.limit())
    return api.list_json(found, election_json)


@bp.post("/groups/<slug>/elections")
@takes(ElectionForm)
def call(slug: str) -> Response | tuple[Response, int]:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    form = json_form(ElectionForm)
    form.zone.offer(group.country)
    if not form.validate():
        return invalid_form(form)
    made = actions.call_election(actor=me(), group=group, key=form.key, draft=form.draft())
    db.session.commit()
    return _one(made.key), 201


@bp.get("/elections/<key>")
def show(key: str) -> Response:
    return _one(key)


@bp.post("/elections/<key>/stand")
@takes(StandForm)
def stand(key: str) -> Response:
    election, form = _entity(key), json_form(StandForm)
    if not form.validate():
        return invalid_form(form)
    actions.stand(actor=me(), election=election, name=form.name.data, statement=form.statement.data or "")
    db.session.commit()
    return _one(key)


@bp.delete("/elections/<key>/stand")
def withdraw(key: str) -> tuple[str, int]:
    actions.withdraw(actor=me(), election=_entity(key))
    db.session.commit()
    return "", 204


@bp.post("/elections/<key>/name")
@takes(NameForm)
def name(key: str) -> Response | tuple[str, int]:
    election, form = _entity(key), json_form(NameForm)
    if not form.validate():
        return invalid_form(form)
    actions.name_candidate(actor=me(), election=election, handle=form.handle.data)
    db.session.commit()
    return "", 204


@bp.post("/elections/<key>/vote")
@takes(VoteForm)
def vote(key: str) -> Response | tuple[Response, int]:
    """`choice` is the key of a candidate, or `blank`. The receipt is given this once."""
    election, form = _entity(key), json_form(VoteForm)
    choice = str(form.choice.data or "")
    receipt = actions.cast_vote(actor=me(), election=election, choice=choice)
    db.session.commit()
    return jsonify(receipt=receipt), 201


@bp.get("/elections/<key>/ballots")
def ballots(key: str) -> Response:
    """Every ballot of the count: SHA-256 of `key:receipt`, and the candidate; null for a blank one."""
    row = get_or_404(queries.election_page(me(), key=key))
    found = page(queries.ballots_of(me(), election_id=row.id), queries.BY_RECEIPT, after=api.after(), limit=api.limit())
    return api.list_json(found, lambda ballot: {"receipt": ballot.receipt, "candidate": ballot.key})


def _entity(key: str) -> Election:
    found: Election = get_or_404(queries.visible_elections(me()).where(Election.key == key))
    return found


def _one(key: str) -> Response:
    row = get_or_404(queries.election_page(me(), key=key))
    candidates = queries.candidates_of(me(), election_id=row.id).all()
    more = {
        "role": row.role,
        "is_on_roll": bool(row.is_on_roll),
        "has_voted": bool(row.has_voted),
        "roll_count": row.roll_count,
        "cast_count": row.cast_count,
        "blank_count": row.blank_count,
        "candidates": [candidate_json(candidate) for candidate in candidates],
    }
    return jsonify(election_json(row) | more)


def election_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "term_from": row.term_from,
        "term_to": row.term_to,
        "zone": row.zone,
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
        "state": row.state,
        "outcome": row.outcome,
        "quorum": row.quorum,
        "officer": row.officer_name,
    }


def candidate_json(row: Any) -> dict[str, Any]:
    """`votes` is null until the count."""
    return {
        "key": row.key,
        "name": row.name,
        "statement": row.statement,
        "state": row.state,
        "votes": row.votes,
        "is_elected": bool(row.is_elected),
    }
