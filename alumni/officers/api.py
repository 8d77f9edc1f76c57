"""An officer's own mandates as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.officers import queries
from alumni.web.gate import for_suspended, me

bp = Blueprint("officers_api", __name__, url_prefix="/api/v1")


@bp.get("/me/office")
@for_suspended
def my_office() -> Response:
    """For what I act, where, and until when."""
    mandates = db.session.execute(queries.mandates_of(me())).all()
    programmes = queries.find_programmes(row.id for row in mandates)
    return jsonify(items=[mandate_json(row, [each.slug for each in programmes[row.id]]) for row in mandates])


def mandate_json(mandate: Any, programmes: list[str]) -> dict[str, Any]:
    return {
        "key": mandate.key,
        "agency": mandate.agency,
        "programmes": programmes,
        "country": mandate.country,
        "starts_on": mandate.starts_on,
        "ends_on": mandate.ends_on,
        "is_running": mandate.is_running,
        "ended_at": mandate.ended_at.isoformat() if mandate.ended_at else None,
        "end_reason": mandate.end_reason,
    }
