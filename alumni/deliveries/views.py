"""Letters to oneself, to be read here: all of the last month, and one of them."""

from flask import Blueprint, Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.core.paging import page
from alumni.deliveries import actions, queries
from alumni.deliveries.steps import open_letters
from alumni.web import api
from alumni.web.gate import for_suspended, get_or_404, me, see_other

bp = Blueprint("deliveries", __name__)


@bp.get("/me/letters")
@for_suspended
def letters() -> str:
    found = page(queries.kept_letters(me()), queries.LATEST, after=api.after(), limit=api.limit())
    has_new = any(row.is_new for row in found.items)  # also where none of them can be read any more
    opened = open_letters(me(), found.items)
    return render_template("deliveries/letters.html", letters=opened, has_new=has_new, next=found.next)


@bp.post("/me/letters")
@for_suspended
def see_all() -> Response:
    actions.see_all_letters(actor=me())
    db.session.commit()
    flash(_("You have seen all of them."), "done")
    return see_other(".letters")


@bp.post("/me/letters/<key>")
@for_suspended
def open_one(key: str) -> Response:
    """Opening one says that it was seen; a page alone never writes."""
    get_or_404(queries.kept_letter(me(), key))
    actions.see_letter(actor=me(), key=key)
    db.session.commit()
    return see_other(".letter", key=key)


@bp.get("/me/letters/<key>")
@for_suspended
def letter(key: str) -> str:
    opened = open_letters(me(), [get_or_404(queries.kept_letter(me(), key))])
    if not opened:
        raise NotFound
    return render_template("deliveries/letter.html", letter=opened[0])
