"""Sending a post as a letter: whom to, how many that are, and only then the button."""

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.posts import actions, policy, queries
from alumni.posts.forms import AnnounceForm
from alumni.posts.models import Post
from alumni.posts.views.groups import bp
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other


@bp.route("/posts/<key>/announce", methods=["GET", "POST"])
def announce(key: str) -> str | Response | tuple[str, int]:
    row = get_or_404(queries.post_page(me(), key=key))
    post = db.session.get_one(Post, row.id)
    require(policy.can_announce(me(), post))
    form = page_form(AnnounceForm)
    form.offer(queries.cohorts_to_choose(row.group_programme_id))
    if request.method != "POST":
        return _page(row, form)
    if not form.validate():
        return _page(row, form, form_errors=True), 422
    count = queries.count_receivers(me().id, row.group_id, form.part())
    if count and request.form.get("act") != "send":
        return _page(row, form, count=count)
    try:
        actions.announce_post(actor=me(), post=post, part=form.part(), is_public=form.is_public.data)
    except Invalid as error:
        form.blame(error)
        return _page(row, form, form_errors=True), 422
    db.session.commit()
    flash(_("The letters are on their way, each in the language of its reader."), "done")
    return see_other(".show", key=key)


def _page(row: Any, form: AnnounceForm, *, count: int = 0, form_errors: bool = False) -> str:
    return render_template(
        "posts/announce.html",
        post=row,
        form=form,
        count=count,
        can_be_public=policy.can_be_public(row.visibility),
        form_errors=form_errors,
    )
