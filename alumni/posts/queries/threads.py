"""One post with its answers, its place and its former versions."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import there_is
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.posts import policy
from alumni.posts.models import Post, PostVersion
from alumni.posts.queries.feeds import post_rows
from alumni.programmes.models import Programme

OLDEST = (Key(Post.created_at, "created_at"), Key(Post.id, "id"))


def visible_posts(viewer: Viewer) -> sa.Select[Any]:
    """The posts and answers that the viewer reads."""
    return sa.select(Post).where(policy.visible_to(viewer))


def posts_with_history(viewer: Viewer) -> sa.Select[Any]:
    """The posts whose former versions the viewer reads."""
    return sa.select(Post).where(policy.history_open_to(viewer))


@ready()
def post_page(viewer: Viewer, *, key: str) -> sa.Select[Any]:
    """A post with its place and how the viewer stands to it."""
    parent = aliased(Post)
    is_organised = there_is(Group, Group.id == Post.group_id, groups_policy.organised_by(viewer))
    more = (
        sa.select(parent.key).where(parent.id == Post.parent_id).correlate(Post).scalar_subquery().label("parent_key"),
        Group.id.label("group_id"),
        Group.slug.label("group_slug"),
        Group.name.label("group_name"),
        Group.visibility,
        Group.programme_id.label("group_programme_id"),
        Programme.slug.label("programme_slug"),
        Programme.short.label("programme_name"),
        is_organised.label("is_organised"),
    )
    select = post_rows(viewer, *more).outerjoin(Group, Group.id == Post.group_id)
    return select.outerjoin(Programme, Programme.id == Post.programme_id).where(Post.key == key)


@ready()
def answers_to(viewer: Viewer, *, post_id: int) -> sa.Select[Any]:
    """The answers to a post. Page them by `OLDEST`."""
    return post_rows(viewer).where(Post.parent_id == post_id)


@ready()
def shown_programme(viewer: Viewer, *, slug: str) -> sa.Select[Any]:
    """A programme, and whether the viewer reads what its graduates write."""
    return sa.select(
        Programme.id,
        Programme.slug,
        Programme.short,
        Programme.name,
        policy.graduated_from(viewer, Programme.id).label("is_inside"),
    ).where(Programme.slug == slug)


def versions_of(post: Post) -> sa.Select[Any]:
    """How it read before, the newest first. Nobody edits a post often enough to page them."""
    return (
        sa.select(PostVersion.number, PostVersion.body, PostVersion.language, PostVersion.written_at)
        .where(PostVersion.post_id == post.id)
        .order_by(PostVersion.number.desc())
    )


def my_posts_in(viewer: Viewer, group_id: int) -> sa.Select[Any]:
    """What the viewer wrote in a group, answers included."""
    return sa.select(Post.id).where(Post.author_id == viewer.id, Post.group_id == group_id)
