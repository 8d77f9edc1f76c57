"""Teams as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.teams import actions, queries
from alumni.teams.forms import CommentForm, IdeaForm, NameForm, RoundForm
from alumni.teams.models import Team, TeamRound
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("teams_api", __name__, url_prefix="/api/v1")


@bp.get("/groups/<slug>/teams")
def in_group(slug: str) -> Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    found = page(queries.rounds(me(), group_id=row.id), queries.LATEST, after=api.after(), limit=api.limit())
    return api.list_json(found, round_json)


@bp.post("/groups/<slug>/teams")
@takes(RoundForm)
def open_round(slug: str) -> Response | tuple[Response, int]:
    row, form = get_or_404(groups_queries.shown_group(me(), slug=slug)), json_form(RoundForm)
    require(row.is_organised)
    if not form.validate():
        return invalid_form(form)
    made = actions.open_round(actor=me(), place=db.session.get_one(Group, row.id), draft=form.draft(), key=form.key)
    db.session.commit()
    return jsonify(key=made.key), 201


@bp.get("/teams/rounds/<key>")
def show_round(key: str) -> Response:
    """A task with its teams."""
    row = get_or_404(queries.rounds(me(), key=key))
    teams = page(queries.teams_of(me(), row.id), queries.BY_NAME, after=api.after(), limit=api.limit())
    return jsonify(round_json(row) | {"items": [team_json(team) for team in teams.items], "next": teams.next})


@bp.post("/teams/rounds/<key>/teams")
@takes(NameForm)
def found_team(key: str) -> Response | tuple[Response, int]:
    form, row = json_form(NameForm), get_or_404(queries.rounds(me(), key=key))
    if not form.validate():
        return invalid_form(form)
    team = actions.found_team(actor=me(), team_round=db.session.get_one(TeamRound, row.id), name=form.name.data)
    db.session.commit()
    return jsonify(key=team.key), 201


@bp.get("/teams/<key>")
def show(key: str) -> Response:
    return _one(key)


@bp.post("/teams/<key>/join")
def join(key: str) -> Response:
    actions.join_team(actor=me(), team=get_or_404(queries.known_team(me(), key=key)))
    db.session.commit()
    return _one(key)


@bp.post("/teams/<key>/leave")
def leave(key: str) -> tuple[str, int]:
    actions.leave_team(actor=me(), team=_team(key))
    db.session.commit()
    return "", 204


@bp.put("/teams/<key>/idea")
@takes(IdeaForm)
def write(key: str) -> Response:
    """`edits` says which one was changed; 409 when it is another by now."""
    form, team = json_form(IdeaForm), _team(key)
    if not form.validate():
        return invalid_form(form)
    facts = {"title": form.title.data, "idea": form.idea.data, "edits": form.seen, "hand_in": form.hand_in.data}
    actions.write_idea(actor=me(), team=team, **facts)
    db.session.commit()
    return _one(key)


@bp.post("/teams/<key>/comments")
@takes(CommentForm)
def comment(key: str) -> Response | tuple[Response, int]:
    form, team = json_form(CommentForm), _team(key)
    if not form.validate():
        return invalid_form(form)
    actions.comment(actor=me(), team=team, body=form.body.data, key=form.key)
    db.session.commit()
    return jsonify(key=form.key), 201


def _team(key: str) -> Team:
    return db.session.get_one(Team, get_or_404(queries.team(me(), key=key)).id)


def _one(key: str) -> Response:
    row = get_or_404(queries.team(me(), key=key))
    people = [{"handle": one.handle, "name": one.name} for one in queries.people_of(me(), row.id)]
    said = page(queries.comments_of(me(), row.id), queries.OLDEST)
    comments = [{"by": one.handle, "body": one.body, "made_at": one.made_at.isoformat()} for one in said.items]
    return jsonify(
        key=row.key,
        name=row.name,
        topic=row.topic,
        round=row.round_key,
        title=row.title,
        idea=row.idea,
        edits=row.edits,
        handed_in_at=row.handed_in_at.isoformat() if row.handed_in_at else None,
        people=people,
        comments=comments,
    )


def round_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "task": row.task,
        "deadline_at": row.deadline_at.isoformat(),
        "zone": row.zone,
        "size": row.size,
        "forms_itself": row.forms_itself,
        "opens_after": row.opens_after,
        "group": row.group_slug,
        "event": row.event_slug,
        "my_team": row.my_team,
    }


def team_json(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "topic": row.topic,
        "people": row.people,
        "title": row.title if row.is_readable else None,
        "handed_in_at": row.handed_in_at.isoformat() if row.handed_in_at else None,
        "is_mine": row.is_mine,
    }
