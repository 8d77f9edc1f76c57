"""Posts as JSON."""

from typing import Any

from flask import Blueprint, Response, jsonify

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.paging import Page, page, page_both_ways
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group, MembershipState
from alumni.posts import actions, queries
from alumni.posts.forms import AnswerForm, EditForm, LeaveForm, PostForm
from alumni.posts.models import Post
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form
from alumni.web.gate import get_or_404, limited, me
from alumni.web.openapi import takes
from alumni.web.templating import href

bp = Blueprint("posts_api", __name__, url_prefix="/api/v1")


@bp.get("/groups/<slug>/posts")
def in_group(slug: str) -> Response:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    require(row.is_inside, "insider")
    return _list(page(queries.ready_posts(me(), group_id=row.id), queries.NEWEST, after=api.after(), limit=api.limit()))


@bp.post("/groups/<slug>/posts")
@takes(PostForm)
@limited("post")
def write(slug: str) -> Response | tuple[Response, int]:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    form = json_form(PostForm)
    if not form.validate():
        return invalid_form(form)
    post = actions.write_post(actor=me(), group=group, key=form.key, body=form.body.data, language=form.language.data)
    db.session.commit()
    return _one(post.key), 201


@bp.post("/groups/<slug>/posts/seen")
def seen(slug: str) -> tuple[str, int]:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    actions.see_all(actor=me(), group_id=group.id)
    db.session.commit()
    return "", 204


@bp.get("/me/unread")
def unread() -> Response:
    """How many posts are new in each group of mine, 100 standing for more."""
    counts = queries.unread_counts(me())
    slugs = dict(db.session.execute(queries.slugs_of(list(counts))).tuples().all()) if counts else {}
    return jsonify(groups={slugs[group_id]: count for group_id, count in counts.items()})


@bp.get("/programmes/<slug>/posts")
def in_programme(slug: str) -> Response:
    row = get_or_404(queries.shown_programme(me(), slug=slug))
    require(row.is_inside, "graduate")
    return _list(
        page_both_ways(
            lambda beyond, _backwards, rows: queries.find_programme_posts(me(), row.id, beyond, rows),
            queries.NEWEST,
            after=api.after(),
            limit=api.limit(),
        )
    )


@bp.post("/programmes/<slug>/posts")
@takes(PostForm)
@limited("post")
def write_to_programme(slug: str) -> Response | tuple[Response, int]:
    row = get_or_404(queries.shown_programme(me(), slug=slug))
    form = json_form(PostForm)
    if not form.validate():
        return invalid_form(form)
    post = actions.write_to_programme(
        actor=me(), programme=row, key=form.key, body=form.body.data, language=form.language.data
    )
    db.session.commit()
    return _one(post.key), 201


@bp.get("/posts/<key>/answers")
def answers(key: str) -> Response:
    row = get_or_404(queries.post_page(me(), key=key))
    found = page(queries.answers_to(me(), post_id=row.id), queries.OLDEST, after=api.after(), limit=api.limit())
    return _list(found)


@bp.post("/posts/<key>/answers")
@takes(AnswerForm)
@limited("post")
def answer(key: str) -> Response | tuple[Response, int]:
    post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    form = json_form(AnswerForm)
    if not form.validate():
        return invalid_form(form)
    made = actions.write_answer(actor=me(), post=post, key=form.key, body=form.body.data, language=form.language.data)
    db.session.commit()
    return _one(made.key), 201


@bp.put("/posts/<key>")
@takes(EditForm)
def edit(key: str) -> Response:
    post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    form = json_form(EditForm, language=post.language)
    if not form.validate():
        return invalid_form(form)
    actions.edit_post(actor=me(), post=post, body=form.body.data, language=form.language.data)
    db.session.commit()
    return _one(key)


@bp.delete("/posts/<key>")
def delete(key: str) -> tuple[str, int]:
    post = get_or_404(queries.visible_posts(me()).where(Post.key == key))
    actions.delete_post(actor=me(), post=post)
    db.session.commit()
    return "", 204


@bp.put("/posts/<key>/pin")
def pin(key: str) -> tuple[str, int]:
    """Keeps it on top of its group."""
    actions.pin_post(actor=me(), post=get_or_404(queries.visible_posts(me()).where(Post.key == key)))
    db.session.commit()
    return "", 204


@bp.delete("/posts/<key>/pin")
def unpin(key: str) -> tuple[str, int]:
    actions.unpin_post(actor=me(), post=get_or_404(queries.visible_posts(me()).where(Post.key == key)))
    db.session.commit()
    return "", 204


@bp.post("/groups/<slug>/leave")
@takes(LeaveForm)
def leave(slug: str) -> Response:
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    form = json_form(LeaveForm)
    if "posts" in form.sent and not form.validate():
        return invalid_form(form)
    actions.leave_with_posts(actor=me(), group=group, keeps_posts=form.posts.data != "remove")
    db.session.commit()
    return jsonify(state=MembershipState.LEFT, members_count=group.members_count)


def _list(posts: Page) -> Response:
    pictures = queries.pictures_of(posts.items)
    return api.list_json(posts, lambda post: post_json(post, pictures[post.id]))


def _one(key: str) -> Response:
    row = get_or_404(queries.post_page(me(), key=key))
    return jsonify(post_json(row, queries.pictures_of([row])[row.id]))


def post_json(post: Any, pictures: list[Any]) -> dict[str, Any]:
    """`author` is null for a former member."""
    author = {"handle": post.handle, "name": post.name, "name_romanised": post.name_romanised} if post.handle else None
    return {
        "key": post.key,
        "author": author,
        "is_mine": bool(post.is_mine),
        "is_new": bool(post.is_new),
        "is_pinned": post.pinned_at is not None,
        "language": post.language,
        "body": post.body,
        "pictures": [
            {
                "alt": picture.alt,
                **{str(size): href("posts.picture", name=picture.name, size=size) for size in actions.SIZES},
            }
            for picture in pictures
        ],
        "answers_count": post.answers_count,
        "created_at": post.created_at.isoformat(),
        "edited_at": post.edited_at.isoformat() if post.edited_at else None,
    }
