"""One's own data as JSON: copies, looks at one's entry, consents. Closing asks for the password, so it is a page."""

from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from alumni.consents import queries as consents_queries
from alumni.core.db import db
from alumni.mydata import actions, queries
from alumni.mydata.forms import ConsentsForm
from alumni.mydata.steps import ask_for_export, standing_of
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import for_suspended, me
from alumni.web.i18n import lang
from alumni.web.openapi import takes

bp = Blueprint("mydata_api", __name__, url_prefix="/api/v1/me")


@bp.get("/data")
@for_suspended
def my_data() -> Response:
    exports = db.session.scalars(queries.exports_of(me())).all()
    looks = queries.looks_at(me())
    return jsonify(
        exports=[
            {
                "key": export.key,
                "asked_at": export.asked_at.isoformat(),
                "ready_at": export.ready_at.isoformat() if export.ready_at else None,
                "url": url_for("mydata.fetch", key=export.key) if export.ready_at else None,
            }
            for export in exports
        ],
        looks=[look._asdict() | {"at": look.at.isoformat()} for look in looks.lines],
    )


@bp.post("/data")
@for_suspended
def ask() -> tuple[Response, int]:
    """202: a copy is being made, and a letter says when it is ready."""
    return jsonify(key=ask_for_export()), 202


@bp.get("/consents")
@for_suspended
def consents() -> Response:
    return jsonify(_consents())


@bp.put("/consents")
@for_suspended
@takes(ConsentsForm)
def choose() -> Response | tuple[Response, int]:
    """What is named is given or withdrawn; what is left out stays."""
    form = json_form(ConsentsForm)
    if not form.validate():
        return invalid_form(form)
    named = request.get_json()
    for ask in standing_of(()):
        if ask.name in named:
            actions.choose(me(), ask, is_given=form[ask.name].data, language=lang())
    db.session.commit()
    return jsonify(_consents())


def _consents() -> dict[str, Any]:
    history = db.session.scalars(consents_queries.consents_of(me())).all()
    return {
        ask.name: {
            "is_given": is_given,
            "at": said.at.isoformat() if said else None,
            "version": said.version if said else None,
            "language": said.language if said else None,
        }
        for ask, (is_given, said) in standing_of(history).items()
    }
