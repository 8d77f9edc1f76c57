"""How many have come back, as JSON."""

from typing import Any

from flask import Response, request

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.programmes import queries as programmes_queries
from alumni.rosters import policy, queries
from alumni.rosters.api.rosters import bp
from alumni.rosters.forms import RatesForm
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.gate import me, scope
from alumni.web.openapi import takes


@bp.get("/rosters/rates")
@scope("roster")
@takes(RatesForm)
def rates() -> Response:
    """Entries, people, and how many of them are reachable, invited, claimed, verified and active."""
    require(policy.can_see_rosters(me()), "officer")
    form = RatesForm(request.args)
    form.offer(db.session.execute(programmes_queries.in_order(programmes_queries.programmes())).all())
    if not form.validate():
        return invalid_form(form)
    select, order = queries.claim_rates(me(), form.by.data, form.chosen())
    return api.list_json(page(select, order, after=api.after(), limit=api.limit()), rate_json)


def rate_json(row: Any) -> dict[str, Any]:
    """What the row is of (cohort or programme by slug and name, country, year), and its figures."""
    figures = {name: value for name, value in row._mapping.items() if name != "id"}
    return figures | {"claim_rate": round(row.claimed / row.people, 4)}
