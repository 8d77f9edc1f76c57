"""What is asked about posts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import there_is
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups.models import Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing
from alumni.posts import policy
from alumni.posts.models import Post

NEWEST = (Key(Post.created_at, "created_at", True), Key(Post.id, "id", True))


def visible_posts(viewer: Viewer) -> sa.Select[Any]:
    """The posts that the viewer reads."""
    return sa.select(Post).where(policy.visible_to(viewer))


def posts_in(viewer: Viewer, *, group_id: int, key: str = "") -> sa.Select[Any]:
    """The posts of a group, or the one with a key, with the names of their authors. Page it by `NEWEST`.

    The author is named as to a group while in it, else as to anybody whom the viewer may find, else not at all.
    """
    here = aliased(Listing)
    is_here = there_is(
        Membership,
        Membership.account_id == Post.author_id,
        Membership.group_id == Post.group_id,
        Membership.state == MembershipState.ACTIVE,
    )
    anywhere = Listing
    select = sa.select(
        Post.id,
        Post.key,
        Post.body,
        Post.created_at,
        (Post.author_id == viewer.id).label("is_mine"),
        sa.func.coalesce(here.handle, anywhere.handle).label("handle"),
        sa.func.coalesce(here.name, anywhere.name).label("name"),
        sa.func.coalesce(here.name_romanised, anywhere.name_romanised).label("name_romanised"),
        sa.func.coalesce(here.picture, anywhere.picture).label("picture"),
    )
    as_here = sa.and_(here.account_id == Post.author_id, here.audience == Audience.GROUPS, is_here)
    as_anywhere = sa.and_(anywhere.account_id == Post.author_id, members_policy.visible_to(viewer))
    select = (
        select.outerjoin(here, as_here)
        .outerjoin(anywhere, as_anywhere)
        .where(Post.group_id == group_id, policy.visible_to(viewer))
    )
    return select.where(Post.key == key) if key else select


ready_posts = ready()(posts_in)
