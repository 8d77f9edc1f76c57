"""What the pages of an election share: finding it, and a form that comes back with what is wrong."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request

from alumni.core.db import db
from alumni.core.errors import Invalid
from alumni.elections import queries
from alumni.elections.models import Election
from alumni.web.gate import get_or_404, me

Answer = str | Response | tuple[str, int]


def shown(key: str) -> Any:
    return get_or_404(queries.election_page(me(), key=key))


def entity(key: str) -> Election:
    found: Election = get_or_404(queries.visible_elections(me()).where(Election.key == key))
    return found


def answer_form(template: str, form: Any, act: Callable[[], Response], **context: Any) -> Answer:
    """The form; or, sent and in order, what `act` answers."""
    if request.method != "POST":
        return render_template(template, form=form, **context)
    try:
        if form.validate():
            return act()
    except Invalid as error:
        db.session.rollback()
        form.blame(error)
    return render_template(template, form=form, form_errors=True, **context), 422
