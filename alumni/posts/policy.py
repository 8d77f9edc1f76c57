"""Who reads a post, who writes, deletes, hides and restores one."""

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.members import policy as members_policy
from alumni.posts.models import Post


def visible_to(viewer: Viewer | type[Account]) -> sa.ColumnElement[bool]:
    """Those inside the group read what is not hidden, unless the author and they have blocked one another."""
    return sa.and_(
        Post.hidden_at.is_(None),
        there_is(Group, Group.id == Post.group_id, groups_policy.inside(viewer)),
        sa.not_(members_policy.is_blocked_either_way(viewer.id, Post.author_id)),
    )


def can_moderate(viewer: Viewer) -> bool:
    return viewer.is_moderator and not viewer.is_suspended


def can_write(viewer: Viewer, group_id: int) -> bool:
    """Whoever is inside the group."""
    return groups_policy.is_inside(viewer, group_id)


def can_delete(viewer: Viewer, post: Post) -> bool:
    """One's own."""
    return viewer.is_authenticated and not viewer.is_suspended and post.author_id == viewer.id


def can_hide(viewer: Viewer, post: Post) -> bool:
    """Organisers of the group or of one above it, moderators, admins."""
    return can_moderate(viewer) or groups_policy.can_organise(viewer, post.group_id)


def can_restore(viewer: Viewer) -> bool:
    """What was hidden comes back by a moderator alone: an organiser does not undo a moderator."""
    return can_moderate(viewer)
