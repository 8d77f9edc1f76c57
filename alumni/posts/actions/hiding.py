"""Hiding and restoring. Of two who do it at once, one does it."""

from datetime import datetime

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.posts import notices, policy
from alumni.posts.actions.counting import count_answers
from alumni.posts.models import Post


def hide_post(*, actor: Viewer, post: Post, reason: str) -> None:
    """Nobody reads it any more, nor the answers to it. Hiding twice is hiding once."""
    require(policy.can_hide(actor, post))
    if _set_hidden(post, Post.hidden_at.is_(None), clock.now()):
        if post.parent_id is not None:
            count_answers(post.parent_id, -1)
        audit.record(actor, "post.hide", f"post:{post.key}", reason=reason)


def hide_post_and_tell(*, actor: Viewer, post: Post, place: str, reason: str) -> None:
    """An organiser hides it on the spot; the author hears why."""
    was_hidden = post.hidden_at is not None
    hide_post(actor=actor, post=post, reason=reason)
    if not was_hidden and post.author_id != actor.id:
        notices.tell_author_of_hiding(post, place=place, reason=reason)


def restore_post(*, actor: Viewer, post: Post, reason: str) -> None:
    """It is read again."""
    require(policy.can_restore(actor), "moderator")
    if _set_hidden(post, Post.hidden_at.is_not(None), None):
        if post.parent_id is not None:
            _count_again(post.parent_id)
        audit.record(actor, "post.restore", f"post:{post.key}", reason=reason)


def _count_again(parent_id: int) -> None:
    """One answer more, whether or not what it answers is hidden itself."""
    update = sa.update(Post).where(Post.id == parent_id).values(answers_count=Post.answers_count + 1)
    db.session.execute(update.execution_options(synchronize_session=False))


def _set_hidden(post: Post, only_if: sa.ColumnElement[bool], hidden_at: datetime | None) -> bool:
    change = sa.update(Post).where(Post.id == post.id, only_if).values(hidden_at=hidden_at, waits_at=None)
    result = db.session.execute(change.execution_options(synchronize_session=False))
    db.session.refresh(post)
    return bool(result.rowcount)  # type: ignore[attr-defined]
