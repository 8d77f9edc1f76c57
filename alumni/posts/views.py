"""Pages of posts: reading and writing in a group, taking back, hiding."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.posts import actions, policy, queries
from alumni.posts.forms import HideForm, PostForm
from alumni.posts.models import Post
from alumni.web import api
from alumni.web.forms import page_form
from alumni.web.gate import get_or_404, me, see_other

bp = Blueprint("posts", __name__)


@bp.get("/groups/<slug>/posts")
def in_group(slug: str) -> str:
    return _page(_group(slug), page_form(PostForm))


@bp.post("/groups/<slug>/posts")
def write(slug: str) -> Response | tuple[str, int]:
    row = _group(slug)
    form = page_form(PostForm)
    if not form.validate():
        return _page(row, form, form_errors=True), 422
    actions.write_post(actor=me(), group=row, key=form.key, body=form.body.data)
    db.session.commit()
    flash(_("Your post is in the group."), "done")
    return see_other(".in_group", slug=slug)


@bp.post("/posts/<key>/delete")
def delete(key: str) -> Response:
    post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    slug = _group_of(post).slug
    actions.delete_post(actor=me(), post=post)
    db.session.commit()
    flash(_("Your post is deleted."), "done")
    return see_other(".in_group", slug=slug)


@bp.route("/posts/<key>/hide", methods=["GET", "POST"])
def hide(key: str) -> str | Response | tuple[str, int]:
    post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    require(policy.can_hide(me(), post))
    group = _group_of(post)
    form = page_form(HideForm)
    if request.method != "POST" or not form.validate():
        failed = request.method == "POST"
        html = render_template("posts/hide.html", post=post, group=group, form=form, form_errors=failed)
        return (html, 422) if failed else html
    actions.hide_post_and_tell(actor=me(), post=post, group=group, reason=form.reason.data)
    db.session.commit()
    flash(_("The post is hidden, and its author has been told why."), "done")
    return see_other(".in_group", slug=group.slug)


def _group(slug: str) -> Any:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    return row


def _group_of(post: Post) -> Group:
    return db.session.get_one(Group, post.group_id)


def _page(row: Any, form: PostForm, *, form_errors: bool = False) -> str:
    posts = page(queries.ready_posts(me(), group_id=row.id), queries.NEWEST, after=api.after())
    may_hide = row.is_organised or policy.can_moderate(me())
    return render_template(
        "posts/in_group.html",
        row=row,
        group=row,
        posts=posts,
        may_hide=may_hide,
        form=form,
        form_errors=form_errors,
    )
