"""Leaving a group with one's posts, or without them."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group
from alumni.posts.models import Post

MOST_AT_ONCE = 500


def leave_with_posts(*, actor: Viewer, group: Group, keeps_posts: bool) -> None:
    """The actor is out; what they wrote stays, or goes with them. Raises LastOrganiser."""
    groups_actions.leave_group(actor=actor, group=group)
    if not keeps_posts:
        remove_posts(actor=actor, group_id=group.id)


def remove_posts(*, actor: Viewer, group_id: int) -> None:
    """Takes back all that the actor wrote in a group, however much, in one statement.

    Answers of others to it go with it. Files of pictures open to nobody any more; the nightly sweep deletes them.
    """
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    _remove(sa.select(Post.id).where(Post.author_id == actor.id, Post.group_id == group_id))


def forget_person(account_id: int, *, keeps_posts: bool) -> Iterator[int]:
    """Somebody is erased: what they wrote goes with its answers, some at a time, unless it stays without a name."""
    mine = sa.select(Post.id).where(Post.author_id == account_id).order_by(Post.id).limit(MOST_AT_ONCE)
    while not keeps_posts and (ids := db.session.scalars(mine).all()):
        _remove(sa.select(Post.id).where(Post.id.in_(ids)))
        yield len(ids)


def _remove(posts: sa.Select[tuple[int]]) -> None:
    """These posts; where they are answers, the count of those that they answer falls with them."""
    answer = aliased(Post)
    mine = sa.and_(answer.id.in_(posts), answer.parent_id.is_not(None))
    fewer = (
        sa.select(sa.func.count())
        .select_from(answer)
        .where(mine, answer.parent_id == Post.id, answer.hidden_at.is_(None))
    )
    counts = (
        sa.update(Post)
        .where(Post.id.in_(sa.select(answer.parent_id).where(mine)))
        .values(answers_count=Post.answers_count - fewer.correlate(Post).scalar_subquery())
    )
    db.session.execute(counts.execution_options(synchronize_session=False))
    gone = sa.delete(Post).where(Post.id.in_(posts))
    db.session.execute(gone.execution_options(synchronize_session=False))
