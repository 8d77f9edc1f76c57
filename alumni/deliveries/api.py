"""Letters to oneself as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.paging import page
from alumni.deliveries import actions, queries
from alumni.deliveries.steps import Opened, open_letters
from alumni.web import api
from alumni.web.gate import for_suspended, get_or_404, me

bp = Blueprint("deliveries_api", __name__, url_prefix="/api/v1")


@bp.get("/me/letters")
@for_suspended
def letters() -> Response:
    found = page(queries.kept_letters(me()), queries.LATEST, after=api.after(), limit=api.limit())
    items = [letter_json(letter) for letter in open_letters(me(), found.items)]
    return jsonify(items=items, next=found.next)


@bp.get("/me/letters/<key>")
@for_suspended
def letter(key: str) -> Response:
    opened = open_letters(me(), [get_or_404(queries.kept_letter(me(), key))])
    if not opened:
        raise NotFound
    text = "\n\n".join("\n".join(line for _kind, line in paragraph) for paragraph in opened[0].paragraphs)
    return jsonify(letter_json(opened[0]) | {"text": text})


@bp.post("/me/letters/seen")
@for_suspended
def see_all() -> tuple[str, int]:
    actions.see_all_letters(actor=me())
    db.session.commit()
    return "", 204


def letter_json(letter: Opened) -> dict[str, Any]:
    return {
        "key": letter.key,
        "subject": letter.subject,
        "written_at": letter.written_at.isoformat(),
        "is_new": letter.is_new,
    }
