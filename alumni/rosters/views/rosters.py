"""Pages of rosters: which there are, their entries, one entry. For officers in scope and admins."""

from flask import Blueprint, render_template

from alumni.core.errors import require
from alumni.core.paging import page
from alumni.rosters import policy, queries
from alumni.web import api
from alumni.web.gate import me

bp = Blueprint("rosters", __name__)


@bp.get("/rosters")
def rosters() -> str:
    """What rosters there are in one's scope. It counts, and names nobody."""
    require(policy.can_see_rosters(me()), "officer")
    found = page(queries.rosters(me()), queries.NEWEST, after=api.after())
    counts = queries.count_entries(me(), [row.id for row in found.items])
    return render_template("rosters/rosters.html", rosters=found, counts=counts)
