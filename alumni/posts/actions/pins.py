"""Posts that organisers keep on top."""

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.posts import policy
from alumni.posts.models import Post

MOST_PINNED = 3


class PinsFull(DomainError):
    """As many posts are pinned as have room on top."""


def pin_post(*, actor: Viewer, post: Post) -> None:
    """Keeps it on top of the group. Of two who pin the last one at once, one does."""
    require(policy.can_pin(actor, post))
    db.session.execute(sa.select(Group.id).where(Group.id == post.group_id).with_for_update(key_share=True))
    others = sa.select(Post.id).where(
        Post.group_id == post.group_id, Post.pinned_at.is_not(None), Post.hidden_at.is_(None), Post.id != post.id
    )
    if len(db.session.scalars(others.limit(MOST_PINNED)).all()) >= MOST_PINNED:
        raise PinsFull
    if post.pinned_at is None:
        post.pinned_at = clock.now()
        audit.record(actor, "post.pin", f"post:{post.key}")


def unpin_post(*, actor: Viewer, post: Post) -> None:
    """Back to its place. Doing it twice does no harm."""
    require(policy.can_pin(actor, post))
    if post.pinned_at is not None:
        post.pinned_at = None
        audit.record(actor, "post.unpin", f"post:{post.key}")
