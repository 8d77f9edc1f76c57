"""What is new since somebody said that they had seen all."""

from typing import Any

import sqlalchemy as sa

from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.posts.models import Post, Visit

MOST_COUNTED = 100  # more are "more than 99"


def unread_counts(viewer: Viewer) -> dict[int, int]:
    """By group id: how many posts are new to the viewer, `MOST_COUNTED` at most. Groups without any are left out."""
    return {row.group_id: row.unread for row in _unread(viewer).all() if row.unread}


@ready()
def _unread(viewer: Viewer) -> sa.Select[Any]:
    return sa.select(Membership.group_id, unread_column(viewer)).where(
        Membership.account_id == viewer.id, Membership.state == MembershipState.ACTIVE
    )


def unread_column(viewer: Viewer) -> Any:
    """Of a membership of the viewer: as many entries of the index of its group as are new."""
    seen = sa.select(Visit.seen_at).where(
        Visit.account_id == Membership.account_id, Visit.group_id == Membership.group_id
    )
    since = sa.func.coalesce(
        seen.correlate(Membership).scalar_subquery(), Membership.joined_at, type_=Post.created_at.type
    )
    new = (
        sa.select(Post.id)
        .where(
            Post.group_id == Membership.group_id,
            Post.parent_id.is_(None),
            Post.created_at > since,
            Post.hidden_at.is_(None),
            sa.func.coalesce(Post.author_id, 0) != viewer.id,
            sa.not_(members_policy.is_blocked_either_way(viewer.id, Post.author_id)),
        )
        .correlate(Membership)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return sa.select(sa.func.count()).select_from(new).scalar_subquery().label("unread")


def slugs_of(group_ids: list[int]) -> sa.Select[Any]:
    """The addresses of groups that were found by their ids."""
    return sa.select(Group.id, Group.slug).where(Group.id.in_(group_ids))
