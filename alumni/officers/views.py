"""An officer's own page: for what one acts, where, and until when."""

from flask import Blueprint, render_template

from alumni.core.db import db
from alumni.officers import queries
from alumni.web.gate import for_suspended, me

bp = Blueprint("officers", __name__)


@bp.get("/me/office")
@for_suspended
def my_office() -> str:
    mandates = db.session.execute(queries.mandates_of(me())).all()
    programmes = queries.find_programmes(row.id for row in mandates)
    return render_template("officers/my_office.html", mandates=mandates, programmes=programmes)
