"""Pages of the desk: what waits, one case, the decision."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template
from flask_babel import lazy_gettext as _l

from alumni.claims import actions, policy, queries
from alumni.claims.forms import DecisionForm
from alumni.claims.views.claims import bp
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.members import queries as members_queries
from alumni.members.models import Participation
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.get("/desk")
def desk() -> str:
    """What waits, the oldest first."""
    require(policy.can_see_desk(me()), "officer")
    claims = page(queries.claims_at_desk(me(), queries.DeskFilter()), queries.VOUCHED_THEN_OLDEST, after=api.after())
    return render_template("claims/desk.html", claims=claims)


@bp.get("/desk/<key>")
def case(key: str) -> str:
    require(policy.can_see_desk(me()), "officer")
    return _case_page(key, page_form(DecisionForm))


@bp.post("/desk/<key>")
def decide(key: str) -> str | Response | tuple[str, int]:
    require(policy.can_see_desk(me()), "officer")
    form = page_form(DecisionForm)
    if not form.validate():
        return _case_page(key, form, form_errors=True), 422
    participation = get_or_404(members_queries.claims_open_to(me()).where(Participation.key == key))
    act, done = DECISIONS[form.decision.data]
    act(me(), participation, reason=form.reason.data)
    db.session.commit()
    flash(str(done), "done")
    return see_other(".desk")


def _case_page(key: str, form: DecisionForm, *, form_errors: bool = False) -> str:
    """The claim, what is known of the cohort, and the two names beside each other."""
    row = get_or_404(members_queries.visible_participations(me()).where(Participation.key == key))
    return render_template(
        "claims/case.html",
        form=form,
        claim=row,
        cohort=db.session.execute(queries.cohort_facts(row.cohort_id, row.country)).first() if row.cohort_id else None,
        others=db.session.execute(queries.other_claims(row)).all(),
        names_agree=queries.names_agree(row.name_as_printed, row.name, row.name_romanised),
        form_errors=form_errors,
    )


DECISIONS: dict[str, tuple[Callable[..., None], Any]] = {
    "verify": (actions.approve_claim, _l("Verified. The person has been told.")),
    "decline": (actions.decline_claim, _l("Declined. The person has been told why.")),
    "revoke": (actions.revoke_claim, _l("Taken back. The person has been told why.")),
}
