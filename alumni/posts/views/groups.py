"""The posts of a group: reading, writing, saying that all is seen."""

from typing import Any

from flask import Blueprint, Response, flash, render_template
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.posts import actions, policy, queries
from alumni.posts.actions import Place
from alumni.posts.forms import PostWithPicturesForm
from alumni.posts.views.writing import Draft, find_draft, is_draft, opened, take, waits_words
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, limited, me, see_other, takes_file

bp = Blueprint("posts", __name__)


@bp.get("/groups/<slug>/posts")
def in_group(slug: str) -> str:
    row = _group(slug)
    draft = find_draft(Place(group_id=row.id))
    return _page(row, opened(PostWithPicturesForm, draft), draft)


@bp.post("/groups/<slug>/posts")
@takes_file(actions.MOST_BYTES)
@limited("post")
def write(slug: str) -> Response | tuple[str, int]:
    row, form = _group(slug), page_form(PostWithPicturesForm)
    place = Place(group_id=row.id)
    if not take(form, place):
        return _page(row, form, find_draft(place), form_errors=True), 422
    if is_draft():
        flash(_("Your draft is kept here. Nobody else sees it."), "done")
        return see_other(".in_group", slug=slug)
    words = {"body": form.body.data, "language": form.language.data}
    try:
        post = actions.write_post(actor=me(), group=row, key=form.key, has_draft=True, **words)
    except Invalid as error:
        form.blame(error)
        return _page(row, form, find_draft(place), form_errors=True), 422
    db.session.commit()
    flash(waits_words() if post.waits_at else _("Your post is in the group."), "done")
    return see_other(".in_group", slug=slug)


@bp.post("/groups/<slug>/posts/seen")
def seen(slug: str) -> Response:
    row = _group(slug)
    actions.see_all(actor=me(), group_id=row.id)
    db.session.commit()
    return see_other(".in_group", slug=slug)


def _group(slug: str) -> Any:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    return row


def _page(row: Any, form: PostWithPicturesForm, draft: Draft, *, form_errors: bool = False) -> str:
    posts = page(queries.ready_posts(me(), group_id=row.id), queries.NEWEST, after=api.after())
    pinned = [] if api.after() else queries.pinned_in(me(), group_id=row.id).all()
    on_top = {post.id for post in pinned}
    others = [post for post in posts.items if post.id not in on_top]
    return render_template(
        "posts/in_group.html",
        row=row,
        group=row,
        pinned=pinned,
        posts=others,
        next=posts.next,
        pictures=queries.pictures_of([*pinned, *others]),
        may_hide=row.is_organised or policy.can_moderate(me()),
        has_public_feed=policy.can_be_public(row.visibility),
        form=form,
        draft=draft,
        form_errors=form_errors,
    )
