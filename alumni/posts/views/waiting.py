"""Posts that wait: who looks after a place lets them through or not."""

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.paging import page
from alumni.posts import actions, queries
from alumni.posts.views.groups import bp
from alumni.web import api
from alumni.web.gate import get_or_404, me, see_other


@bp.get("/posts/waiting")
def waiting() -> str:
    posts = page(queries.waiting_posts(me()), queries.WAITED_LONGEST, after=api.after())
    return render_template("posts/waiting.html", posts=posts.items, next=posts.next)


@bp.post("/posts/<key>/let-through")
def let_through(key: str) -> Response:
    actions.let_through(actor=me(), post=get_or_404(queries.find_waiting(me(), key)))
    db.session.commit()
    flash(_("Everybody there reads it now."), "done")
    return see_other(".waiting")


@bp.post("/posts/<key>/refuse")
def refuse(key: str) -> Response:
    actions.refuse_post(actor=me(), post=get_or_404(queries.find_waiting(me(), key)))
    db.session.commit()
    flash(_("It stays hidden, and its author is told."), "done")
    return see_other(".waiting")
