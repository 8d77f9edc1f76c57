"""The elections of a group, one of them, and calling a new one."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.elections import actions, policy, queries
from alumni.elections.forms import ElectionForm
from alumni.elections.models import CandidateState, Election, ElectionState, Outcome
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other
from alumni.web.templating import Words

bp = Blueprint("elections", __name__)
A_WEEK = timedelta(days=7)
STATES = {
    ElectionState.ANNOUNCED: _l("Candidates can be named"),
    ElectionState.OPEN: _l("Voting is open"),
    ElectionState.COUNTED: _l("Counted"),
    ElectionState.CANCELLED: _l("Called off"),
}
OUTCOMES = {
    Outcome.ELECTED: _l("Somebody is elected."),
    Outcome.TIED: _l("Several have the same number of votes, and it is the highest."),
    Outcome.NO_QUORUM: _l("Too few have voted, so nobody is elected."),
    Outcome.NO_VOTES: _l("No candidate has a vote, so nobody is elected."),
    Outcome.NO_CANDIDATES: _l("Nobody stood, so there was no vote."),
}
CANDIDATES = {
    CandidateState.NAMED: _l("Has not answered yet"),
    CandidateState.STANDING: _l("Stands"),
    CandidateState.DECLINED: _l("Does not stand"),
    CandidateState.WITHDRAWN: _l("Has withdrawn"),
    CandidateState.STRUCK: _l("Struck from the list"),
}


@bp.record_once
def _teach_templates(state: BlueprintSetupState) -> None:
    """What templates call the states of an election and of its candidates."""
    words: dict[str, Any] = {"election_states": STATES, "election_outcomes": OUTCOMES, "candidate_states": CANDIDATES}
    state.app.jinja_env.globals.update({name: Words(table) for name, table in words.items()})


@bp.get("/groups/<slug>/elections")
def in_group(slug: str) -> str:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    found = page(queries.elections_of(me(), group_id=row.id), queries.LATEST, after=api.after())
    return render_template("elections/in_group.html", row=row, group=row, elections=found)


@bp.route("/groups/<slug>/elections/new", methods=["GET", "POST"])
def new(slug: str) -> str | Response | tuple[str, int]:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    require(policy.can_call(me(), group.id))
    again_of = _again(group)
    form = page_form(ElectionForm, **_start_values(again_of))
    form.zone.offer(group.country)
    if request.method != "POST":
        return render_template("elections/new.html", group=group, form=form, again=again_of)
    try:
        if form.validate():
            made = actions.call_election(actor=me(), group=group, key=form.key, draft=form.draft(again_of))
            db.session.commit()
            flash(_("The election is called. Members can stand and name others until voting begins."), "done")
            return see_other(".show", key=made.key)
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return render_template("elections/new.html", group=group, form=form, again=again_of, form_errors=True), 422


def _again(group: Group) -> Election | None:
    """The election that is held again."""
    key = request.args.get("again", "")
    if not key:
        return None
    found: Election = get_or_404(
        queries.visible_elections(me()).where(Election.key == key, Election.group_id == group.id)
    )
    return found


def _start_values(again_of: Election | None) -> dict[str, Any]:
    today = clock.now().date()
    values = {"zone": me().zone, "joined_by": today.isoformat()}
    if again_of is None:
        return values
    same = ("title", "role", "term_from", "term_to", "joined_by", "quorum", "zone")
    return values | {name: getattr(again_of, name) for name in same}


@bp.get("/elections/<key>")
def show(key: str) -> str:
    row = get_or_404(queries.election_page(me(), key=key))
    return render_template(
        "elections/show.html",
        election=row,
        candidates=queries.candidates_of(me(), election_id=row.id).all(),
        now=clock.now(),
        may_appoint=row.state == ElectionState.COUNTED
        and row.appointed_at is None
        and policy.can_appoint(me(), row.group_id),
    )
