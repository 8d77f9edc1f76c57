"""Pages of teams: the tasks of a group or an event, one of them with its teams, the page of a team."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.events import queries as events_queries
from alumni.events.models import Event
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.teams import actions, queries
from alumni.teams.forms import CommentForm, HandleForm, IdeaForm, NameForm, RoundForm, TopicForm
from alumni.teams.models import Team, TeamRound
from alumni.web import api
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import get_or_404, me, see_other

bp = Blueprint("teams", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/groups/<slug>/teams")
def in_group(slug: str) -> str:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    found = page(queries.rounds(me(), group_id=row.id), queries.LATEST, after=api.after())
    return render_template("teams/in_group.html", row=row, group=row, rounds=found, now=clock.now())


@bp.get("/events/<slug>/teams")
def of_event(slug: str) -> str:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    found = page(queries.rounds(me(), event_id=event.id), queries.LATEST, after=api.after())
    require(bool(found.items) or event.may_decide, "insider")
    return render_template("teams/of_event.html", event=event, rounds=found, now=clock.now())


@bp.route("/groups/<slug>/teams/new", methods=["GET", "POST"])
def new_in_group(slug: str) -> Answer:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_organised)
    return _open(db.session.get_one(Group, row.id), row.name)


@bp.route("/events/<slug>/teams/new", methods=["GET", "POST"])
def new_of_event(slug: str) -> Answer:
    event = get_or_404(events_queries.event_page(me(), slug=slug))
    require(event.may_decide)
    return _open(db.session.get_one(Event, event.id), event.title)


def _open(place: Group | Event, name: str) -> Answer:
    zone = place.zone if isinstance(place, Event) else me().zone
    form = page_form(RoundForm, zone=zone)
    if request.method == "POST" and form.validate():
        try:
            made = actions.open_round(actor=me(), place=place, draft=form.draft(), key=form.key)
            db.session.commit()
            flash(_("The task is there. Name mentors, if there are any."), "done")
            return see_other(".show_round", key=made.key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _form_page("teams/new.html", form, place_name=name)


@bp.get("/teams/rounds/<key>")
def show_round(key: str) -> str:
    return _round_page(key)


@bp.post("/teams/rounds/<key>/teams")
def found_team(key: str) -> Answer:
    form = page_form(NameForm)
    if form.validate():
        try:
            team = actions.found_team(actor=me(), team_round=_round(key), name=form.name.data)
            db.session.commit()
            return see_other(".show", key=team.key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _round_page(key, name_form=form, form_errors=True), 422


@bp.post("/teams/rounds/<key>/mentors")
def name_mentor(key: str) -> Answer:
    form = page_form(HandleForm)
    if form.validate():
        try:
            actions.name_mentor(actor=me(), team_round=_round(key), handle=form.member)
            db.session.commit()
            flash(_("They read all teams of this task now, and can comment."), "done")
            return see_other(".show_round", key=key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _round_page(key, mentor_form=form, form_errors=True), 422


@bp.post("/teams/rounds/<key>/mentors/<handle>/dismiss")
def dismiss_mentor(key: str, handle: str) -> Response:
    page_form(BaseForm)
    actions.dismiss_mentor(actor=me(), team_round=_round(key), handle=handle)
    db.session.commit()
    return see_other(".show_round", key=key)


@bp.get("/teams/<key>")
def show(key: str) -> str:
    return _team_page(key)


@bp.post("/teams/<key>/topic")
def set_topic(key: str) -> Answer:
    form = page_form(TopicForm)
    if form.validate():
        try:
            actions.set_topic(actor=me(), team=_team(key), topic=form.topic.data, chair=form.chair.data)
            db.session.commit()
            flash(_("Saved."), "done")
            return see_other(".show", key=key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _team_page(key, topic_form=form, form_errors=True), 422


@bp.post("/teams/<key>/join")
def join(key: str) -> Response:
    team = _any_team(key)
    actions.join_team(actor=me(), team=team)
    db.session.commit()
    flash(_("You are in the team."), "done")
    return see_other(".show", key=key)


@bp.post("/teams/<key>/leave")
def leave(key: str) -> Response:
    team = _team(key)
    actions.leave_team(actor=me(), team=team)
    db.session.commit()
    flash(_("You are in the team no more."), "done")
    return see_other(".show_round", key=_key_of_round(team))


@bp.post("/teams/<key>/people")
def place_member(key: str) -> Answer:
    form = page_form(HandleForm)
    if form.validate():
        try:
            actions.place_member(actor=me(), team=_team(key), handle=form.member)
            db.session.commit()
            return see_other(".show", key=key)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _team_page(key, place_form=form, form_errors=True), 422


@bp.route("/teams/<key>/idea", methods=["GET", "POST"])
def write(key: str) -> Answer:
    row = get_or_404(queries.team(me(), key=key))
    require(row.is_mine, "team-member")
    form = page_form(IdeaForm, data={"title": row.title, "idea": row.idea, "edits": str(row.edits)})
    if request.method == "POST" and form.validate():
        facts = {"title": form.title.data, "idea": form.idea.data, "edits": form.seen, "hand_in": form.hand_in.data}
        try:
            actions.write_idea(actor=me(), team=_team(key), **facts)
            db.session.commit()
            flash(
                _("Handed in. Until the deadline you can hand it in again.") if form.hand_in.data else _("Saved."),
                "done",
            )
            return see_other(".show", key=key)
        except actions.IdeaChanged:
            db.session.rollback()
            now = get_or_404(queries.team(me(), key=key))
            form.edits.data = str(now.edits)
            html = render_template("teams/write.html", form=form, team=now, theirs=now, form_errors=False)
            return html, 409
    return _form_page("teams/write.html", form, team=row, theirs=None)


@bp.post("/teams/<key>/comments")
def comment(key: str) -> Answer:
    form = page_form(CommentForm)
    if not form.validate():
        return _team_page(key, comment_form=form, form_errors=True), 422
    actions.comment(actor=me(), team=_team(key), body=form.body.data, key=form.key)
    db.session.commit()
    return see_other(".show", key=key)


def _round(key: str) -> TeamRound:
    return db.session.get_one(TeamRound, get_or_404(queries.rounds(me(), key=key)).id)


def _team(key: str) -> Team:
    return db.session.get_one(Team, get_or_404(queries.team(me(), key=key)).id)


def _any_team(key: str) -> Team:
    """A team that the viewer may know of, whether or not they may read what it writes."""
    team: Team = get_or_404(queries.known_team(me(), key=key))
    return team


def _key_of_round(team: Team) -> str:
    return db.session.get_one(TeamRound, team.round_id).key


def _round_page(key: str, **forms: Any) -> str:
    row = get_or_404(queries.rounds(me(), key=key))
    context = {"name_form": NameForm(), "mentor_form": HandleForm(), "form_errors": False} | forms
    return render_template(
        "teams/round.html",
        round=row,
        teams=page(queries.teams_of(me(), row.id), queries.BY_NAME, after=api.after()),
        mentors=queries.mentors_of(row.id),
        is_over=row.deadline_at <= clock.now(),
        **context,
    )


def _team_page(key: str, **forms: Any) -> str:
    row = get_or_404(queries.team(me(), key=key))
    context = {"comment_form": CommentForm(), "place_form": HandleForm(), "form_errors": False}
    context |= {"topic_form": TopicForm(data={"topic": row.topic})} | forms
    return render_template(
        "teams/show.html",
        team=row,
        people=queries.people_of(me(), row.id),
        comments=page(queries.comments_of(me(), row.id), queries.OLDEST, after=api.after()),
        versions=queries.versions_of(row.id),
        is_over=row.deadline_at <= clock.now(),
        **context,
    )


def _form_page(template: str, form: Any, **context: Any) -> Answer:
    failed = request.method == "POST"
    html = render_template(template, form=form, form_errors=failed, **context)
    return (html, 422) if failed else html
