"""What somebody has begun to write, and pictures."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from alumni.core.db import among, db
from alumni.core.ready import Ready, ready
from alumni.core.viewer import Viewer
from alumni.posts import policy
from alumni.posts.models import PostDraft, PostPicture


@ready()
def drafts_in(viewer: Viewer, *, place: str) -> sa.Select[Any]:
    """The viewer's draft in a place: a row for each of its pictures, one without any."""
    return (
        sa.select(
            PostDraft.id,
            PostDraft.body,
            PostDraft.language,
            PostDraft.saved_at,
            PostPicture.name,
            PostPicture.alt,
            PostPicture.width,
            PostPicture.height,
        )
        .outerjoin(PostPicture, PostPicture.draft_id == PostDraft.id)
        .where(PostDraft.account_id == viewer.id, PostDraft.place == place)
        .order_by(PostPicture.id)
    )


_PICTURES = (
    sa.select(PostPicture.post_id, PostPicture.name, PostPicture.alt, PostPicture.width, PostPicture.height)
    .where(among(PostPicture.post_id, "posts"))
    .order_by(PostPicture.id)
)


def pictures_of(posts: Sequence[Any]) -> dict[int, list[Any]]:
    """By post id: the pictures of posts that were read under their rule."""
    found: dict[int, list[Any]] = {post.id: [] for post in posts}
    for row in Ready(_PICTURES, {"posts": list(found)}).all() if found else ():
        found[row.post_id].append(row)
    return found


def pictures_open_to(viewer: Viewer, name: str) -> sa.Select[Any]:
    return sa.select(PostPicture.id).where(PostPicture.name == name, policy.picture_visible_to(viewer))


def find_pictures_of_draft(draft_id: int) -> list[PostPicture]:
    mine = sa.select(PostPicture).where(PostPicture.draft_id == draft_id).order_by(PostPicture.id)
    return list(db.session.scalars(mine))
