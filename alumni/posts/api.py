"""Posts as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import page
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.posts import actions, queries
from alumni.posts.forms import PostForm
from alumni.posts.models import Post
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, me
from alumni.web.openapi import takes

bp = Blueprint("posts_api", __name__, url_prefix="/api/v1")


@bp.get("/groups/<slug>/posts")
def in_group(slug: str) -> Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    posts = page(queries.ready_posts(me(), group_id=row.id), queries.NEWEST, after=api.after(), limit=api.limit())
    return api.list_json(posts, post_json)


@bp.post("/groups/<slug>/posts")
@takes(PostForm)
def write(slug: str) -> Response | tuple[Response, int]:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    form = json_form(PostForm)
    if not form.validate():
        return invalid_form(form)
    post = actions.write_post(actor=me(), group=group, key=form.key, body=form.body.data)
    db.session.commit()
    written = get_or_404(queries.ready_posts(me(), group_id=group.id, key=post.key))
    return jsonify(post_json(written)), 201


@bp.delete("/posts/<key>")
def delete(key: str) -> tuple[str, int]:
    post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    actions.delete_post(actor=me(), post=post)
    db.session.commit()
    return "", 204


def post_json(post: Any) -> dict[str, Any]:
    """`author` is null for a former member."""
    author = {"handle": post.handle, "name": post.name, "name_romanised": post.name_romanised} if post.handle else None
    return {
        "key": post.key,
        "author": author,
        "is_mine": bool(post.is_mine),
        "body": post.body,
        "created_at": post.created_at.isoformat(),
    }
