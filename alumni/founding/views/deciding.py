"""Handing in, giving up, deciding."""

from flask import Response, flash
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.founding import actions, policy
from alumni.founding.forms import DecideForm
from alumni.founding.views.doors import Answer, answer_form, entity, shown
from alumni.founding.views.reading import bp
from alumni.web.forms import page_form
from alumni.web.gate import me, see_other


@bp.post("/foundings/<key>/hand-in")
def hand_in(key: str) -> Response:
    actions.hand_in(actor=me(), founding=entity(key))
    db.session.commit()
    flash(_("The papers are handed in. You get a letter when it is decided."), "done")
    return see_other(".show", key=key)


@bp.post("/foundings/<key>/withdraw")
def withdraw(key: str) -> Response:
    actions.withdraw_founding(actor=me(), founding=entity(key))
    db.session.commit()
    flash(_("The founding is given up."), "done")
    return see_other(".show", key=key)


@bp.route("/foundings/<key>/decide", methods=["GET", "POST"])
def decide(key: str) -> Answer:
    row, founding = shown(key), entity(key)
    require(policy.can_decide(me(), founding), "decider")
    form = page_form(DecideForm)

    def act() -> Response:
        reason = form.reason.data or ""
        if form.verdict.data == "approve":
            actions.approve_founding(actor=me(), founding=founding)
        elif form.verdict.data == "ask":
            actions.ask_for_more(actor=me(), founding=founding, reason=reason)
        else:
            actions.decline_founding(actor=me(), founding=founding, reason=reason)
        db.session.commit()
        flash(_("It is decided, and the founders are told by a letter."), "done")
        return see_other(".show", key=key)

    return answer_form("founding/decide.html", form, act, founding=row)
