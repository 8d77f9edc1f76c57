"""What is done with posts: writing, deleting, hiding, restoring."""

from datetime import datetime

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.members import queries as members_queries
from alumni.members.actions import ProfileNeeded
from alumni.posts import notices, policy
from alumni.posts.models import Post


def write_post(*, actor: Viewer, group: Group, key: str, body: str) -> Post:
    """Says something to a group. The same key of the same author makes one post, however often it is sent."""
    require(policy.can_write(actor, group.id), "insider")
    if not members_queries.has_profile(actor):
        raise ProfileNeeded
    facts = {"key": key, "group_id": group.id, "author_id": actor.id, "body": body}
    mine = sa.select(Post).where(Post.key == key, Post.author_id == actor.id, Post.group_id == group.id)
    insert_or_ignore(Post, facts)
    post = db.session.scalar(mine)
    if post is None:  # the key is somebody else's
        post = Post(**facts | {"key": new_key()})
        db.session.add(post)
        db.session.flush()
    return post


def delete_post(*, actor: Viewer, post: Post) -> None:
    """Takes back what the actor wrote, for good."""
    require(policy.can_delete(actor, post), "owner")
    db.session.delete(post)
    db.session.flush()


def hide_post(*, actor: Viewer, post: Post, reason: str) -> None:
    """Nobody in the group reads it any more. Hiding twice is hiding once."""
    require(policy.can_hide(actor, post))
    if _set_hidden(post, Post.hidden_at.is_(None), clock.now()):
        audit.record(actor, "post.hide", f"post:{post.key}", reason=reason)


def hide_post_and_tell(*, actor: Viewer, post: Post, group: Group, reason: str) -> None:
    """An organiser hides it on the spot; the author hears why."""
    was_hidden = post.hidden_at is not None
    hide_post(actor=actor, post=post, reason=reason)
    if not was_hidden and post.author_id != actor.id:
        notices.tell_author_of_hiding(post, group=group.name, reason=reason)


def restore_post(*, actor: Viewer, post: Post, reason: str) -> None:
    """The group reads it again."""
    require(policy.can_restore(actor), "moderator")
    if _set_hidden(post, Post.hidden_at.is_not(None), None):
        audit.record(actor, "post.restore", f"post:{post.key}", reason=reason)


def _set_hidden(post: Post, only_if: sa.ColumnElement[bool], hidden_at: datetime | None) -> bool:
    """Of two who do it at once, one does it."""
    change = sa.update(Post).where(Post.id == post.id, only_if).values(hidden_at=hidden_at)
    result = db.session.execute(change.execution_options(synchronize_session=False))
    db.session.refresh(post)
    return bool(result.rowcount)  # type: ignore[attr-defined]
