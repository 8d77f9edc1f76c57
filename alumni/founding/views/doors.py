"""What the pages of a founding share: finding it, and a form that comes back with what is wrong."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.founding import policy, queries
from alumni.founding.models import Founding
from alumni.web.gate import get_or_404, me

Answer = str | Response | tuple[str, int]


def shown(key: str) -> Any:
    return get_or_404(queries.founding_page(me(), key=key))


def entity(key: str) -> Founding:
    found: Founding = get_or_404(queries.visible_foundings(me()).where(Founding.key == key))
    return found


def written(key: str) -> Founding:
    """The founding whose papers the viewer writes: 404 where it may not be seen, 403 where others write them."""
    founding = entity(key)
    require(policy.can_write(me(), founding), "founder")
    return founding


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
