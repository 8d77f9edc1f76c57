"""Leaving a group with one's posts, or without them."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group
from alumni.posts.models import Post


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
    answer = aliased(Post)
    mine = sa.and_(answer.author_id == actor.id, answer.group_id == group_id, answer.parent_id.is_not(None))
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
    gone = sa.delete(Post).where(Post.author_id == actor.id, Post.group_id == group_id)
    db.session.execute(gone.execution_options(synchronize_session=False))
