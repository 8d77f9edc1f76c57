"""Posts that wait to be let through, and the words that make them wait."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db
from alumni.core.paging import Key
from alumni.core.viewer import Viewer
from alumni.groups.models import Group
from alumni.members.models import Member
from alumni.posts import policy
from alumni.posts.models import HeldWord, Post
from alumni.programmes.models import Programme

WAITED_LONGEST = (Key(Post.waits_at, "waits_at"), Key(Post.id, "id"))
MOST_WORDS = 500
MOST_COMPARED = 50


def waiting_posts(viewer: Viewer) -> sa.Select[Any]:
    """What the viewer may let through, with who wrote it and where. Page them by `WAITED_LONGEST`."""
    return (
        sa.select(
            Post.id,
            Post.key,
            Post.body,
            Post.language,
            Post.waits_at,
            Member.name,
            sa.func.coalesce(Group.name, Programme.short).label("place"),
        )
        .select_from(Post)
        .outerjoin(Member, Member.account_id == Post.author_id)
        .outerjoin(Group, Group.id == Post.group_id)
        .outerjoin(Programme, Programme.id == Post.programme_id)
        .where(policy.passable_by(viewer))
    )


def find_waiting(viewer: Viewer, key: str) -> sa.Select[Any]:
    return sa.select(Post).where(Post.key == key, policy.passable_by(viewer))


def held_words() -> sa.Select[Any]:
    return sa.select(HeldWord.key, HeldWord.word).order_by(HeldWord.word).limit(MOST_WORDS)


def is_younger(viewer: Viewer, age: timedelta, now: datetime) -> bool:
    """Whether the viewer's account was made within that time."""
    made = db.session.scalar(sa.select(Account.created_at).where(Account.id == viewer.id))
    return made is not None and made > now - age


def written_elsewhere(viewer: Viewer, key: str, group_id: int | None, since: datetime) -> list[str]:
    """What the viewer wrote in other places since then, not as an answer."""
    here = Post.group_id.is_(None) if group_id is None else sa.func.coalesce(Post.group_id, 0) == group_id
    select = sa.select(Post.body).where(
        Post.author_id == viewer.id, Post.created_at > since, Post.parent_id.is_(None), Post.key != key, sa.not_(here)
    )
    return list(db.session.scalars(select.order_by(Post.id.desc()).limit(MOST_COMPARED)))
