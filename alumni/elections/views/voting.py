"""Voting, and counting again."""

from typing import Any

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.exports import CSV, MEDIA_TYPES, write_table
from alumni.core.paging import page
from alumni.elections import actions, policy, queries
from alumni.elections.actions import VotingNotOpen
from alumni.elections.forms import ReceiptForm, VoteForm
from alumni.elections.models import ElectionState
from alumni.elections.views.doors import Answer, answer_form, entity, shown
from alumni.elections.views.reading import bp
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import limited, me, see_other


@bp.route("/elections/<key>/vote", methods=["GET", "POST"])
def vote(key: str) -> Answer:
    row, election = shown(key), entity(key)
    if row.state == ElectionState.ANNOUNCED:
        raise VotingNotOpen
    require(policy.can_vote(me(), election), "voter")
    candidates = queries.candidates_of(me(), election_id=row.id).all()
    form = page_form(VoteForm)
    form.offer(candidates)

    def act() -> Response:
        receipt = actions.cast_vote(actor=me(), election=election, choice=form.choice.data)
        db.session.commit()
        flash(
            _(
                "Your vote is in the box. Your receipt is %(receipt)s. Write it down: it is shown this once, "
                "and with it you find your ballot in the count.",
                receipt=receipt,
            ),
            "done",
        )
        return see_other(".show", key=key)

    return answer_form("elections/vote.html", form, act, election=row, candidates=candidates)


@bp.get("/elections/<key>/ballots")
def ballots(key: str) -> str:
    row = shown(key)
    return _count_page(row, ReceiptForm())


@bp.post("/elections/<key>/ballots")
def find(key: str) -> str | tuple[str, int]:
    """Which ballot belongs to a receipt. Asked by a form that is sent, so that no address holds the receipt."""
    row, form = shown(key), page_form(ReceiptForm)
    receipt = queries.receipt_digest(row.key, form.code)
    ballot = queries.find_ballot(me(), election_id=row.id, receipt=receipt).first()
    if ballot is None:
        form.receipt.errors = [_("No ballot of this election has this receipt. Look whether you typed it right.")]
        return _count_page(row, form, form_errors=True), 422
    return _count_page(row, form, found=ballot)


def _count_page(row: Any, form: ReceiptForm, **more: Any) -> str:
    found = page(queries.ballots_of(me(), election_id=row.id), queries.BY_RECEIPT, after=api.after())
    return render_template("elections/ballots.html", election=row, form=form, ballots=found, **{"found": None} | more)


@bp.get("/elections/<key>/ballots.csv")
@limited("export", reads=True)
def ballots_file(key: str) -> Response:
    """Every ballot with its receipt, to count again."""
    row = shown(key)
    rows = db.session.execute(queries.all_ballots(me(), row.id)).all()
    cells = [(each.receipt, each.key or actions.BLANK, each.name or "") for each in rows]
    answer = Response(write_table(CSV, ("receipt", "choice", "name"), cells), mimetype=MEDIA_TYPES[CSV])
    answer.headers["Content-Disposition"] = f'attachment; filename="ballots-{row.key}.csv"'
    return answer
