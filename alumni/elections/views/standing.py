"""Standing, naming others, withdrawing."""

from flask import Response, flash
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.elections import actions, policy, queries
from alumni.elections.forms import NameForm, StandForm
from alumni.elections.views.doors import Answer, answer_form, entity, shown
from alumni.elections.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other


@bp.route("/elections/<key>/stand", methods=["GET", "POST"])
def stand(key: str) -> Answer:
    row, election = shown(key), entity(key)
    require(policy.can_stand(me(), election), "candidate")
    mine = next((each for each in queries.candidates_of(me(), election_id=row.id).all() if each.is_me), None)
    form = page_form(StandForm, name=mine.name if mine else "", statement=mine.statement if mine else "")

    def act() -> Response:
        actions.stand(actor=me(), election=election, name=form.name.data, statement=form.statement.data or "")
        db.session.commit()
        flash(_("You stand. You can change this or withdraw until voting begins."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/stand.html", form, act, election=row)


@bp.post("/elections/<key>/withdraw")
def withdraw(key: str) -> Response:
    actions.withdraw(actor=me(), election=entity(key))
    db.session.commit()
    flash(_("You do not stand."), "done")
    return see_other(".show", key=key)


@bp.route("/elections/<key>/name", methods=["GET", "POST"])
def name(key: str) -> Answer:
    row, election = shown(key), entity(key)
    require(policy.can_name(me(), election), "candidate")
    form = page_form(NameForm)

    def act() -> Response:
        actions.name_candidate(actor=me(), election=election, handle=form.handle.data)
        db.session.commit()
        flash(_("They are asked by a letter, and stand if they say yes."), "done")
        return see_other(".show", key=key)

    return answer_form("elections/name.html", form, act, election=row)
