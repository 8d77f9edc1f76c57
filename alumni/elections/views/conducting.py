"""What the election officer does, and what organisers do before and after."""

from typing import Any

from flask import Response, flash
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.walltime import instants, is_second
from alumni.elections import actions, policy, queries
from alumni.elections.forms import MomentsForm, OfficerForm, ReasonForm, TieForm
from alumni.elections.models import Candidate, Election
from alumni.elections.views.doors import Answer, answer_form, entity, shown
from alumni.elections.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.route("/elections/<key>/move", methods=["GET", "POST"])
def move(key: str) -> Answer:
    row, election = shown(key), entity(key)
    require(policy.can_conduct(me(), election), "election-officer")
    form = page_form(MomentsForm, **_moments_of(election))
    form.zone.offer(row.group_country)

    def act() -> Response:
        actions.move_election(actor=me(), election=election, moments=form.moments())
        db.session.commit()
        flash(_("The moments are changed."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/move.html", form, act, election=row)


def _moments_of(election: Election) -> dict[str, Any]:
    """An election as its form shows it."""
    zone = election.zone
    values: dict[str, Any] = {"zone": zone, "opens_at": election.wall_opens, "closes_at": election.wall_closes}
    for name, wall, at in (
        ("fold", election.wall_opens, election.opens_at),
        ("end_fold", election.wall_closes, election.closes_at),
    ):
        if len(instants(wall, zone)) > 1:
            values[name] = "second" if is_second(wall, zone, at) else "first"
    return values


@bp.route("/elections/<key>/cancel", methods=["GET", "POST"])
def cancel(key: str) -> Answer:
    row, election = shown(key), entity(key)
    require(policy.can_conduct(me(), election), "election-officer")
    form = page_form(ReasonForm)

    def act() -> Response:
        actions.call_off(actor=me(), election=election, reason=form.reason.data)
        db.session.commit()
        flash(_("The election is called off. The ballots are destroyed unread."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/cancel.html", form, act, election=row)


@bp.route("/elections/<key>/candidates/<candidate>/strike", methods=["GET", "POST"])
def strike(key: str, candidate: str) -> Answer:
    row, election = shown(key), entity(key)
    found = get_or_404(
        queries.visible_candidates(me()).where(Candidate.key == candidate, Candidate.election_id == row.id)
    )
    require(policy.can_conduct(me(), election), "election-officer")
    form = page_form(ReasonForm)

    def act() -> Response:
        actions.strike_candidate(actor=me(), election=election, candidate=found, reason=form.reason.data)
        db.session.commit()
        flash(_("The name is off the list, and the person has been told why."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/strike.html", form, act, election=row, candidate=found)


@bp.route("/elections/<key>/officer", methods=["GET", "POST"])
def officer(key: str) -> Answer:
    row, election = shown(key), entity(key)
    require(policy.can_name_officer(me(), election), "organiser-no-candidate")
    form = page_form(OfficerForm)

    def act() -> Response:
        actions.name_officer(actor=me(), election=election, officer=form.officer.data)
        db.session.commit()
        flash(_("The election officer is told by a letter."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/officer.html", form, act, election=row)


@bp.route("/elections/<key>/decide", methods=["GET", "POST"])
def decide(key: str) -> Answer:
    row, election = shown(key), entity(key)
    require(policy.can_decide_tie(me(), election), "organiser-no-candidate")
    form = page_form(TieForm)
    form.offer(queries.candidates_of(me(), election_id=row.id).all())

    def act() -> Response:
        actions.decide_tie(actor=me(), election=election, choice=form.choice.data, reason=form.reason.data)
        db.session.commit()
        flash(_("The tie is decided. Your reason stands in the result."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/decide.html", form, act, election=row)


@bp.post("/elections/<key>/appoint")
def appoint(key: str) -> Response:
    actions.appoint_elected(actor=me(), election=entity(key))
    db.session.commit()
    flash(_("Whoever was elected is an organiser now, until the end of the term."), "done")
    return see_other(".show", key=key)
