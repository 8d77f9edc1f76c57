"""Who is told of something new at once."""

from collections.abc import Sequence

import sqlalchemy as sa

from alumni.core.db import db
from alumni.events.models import Event
from alumni.groups.models import Membership, MembershipState, Rhythm
from alumni.posts.models import Post

LETTERS_AT_A_TIME = 200


def readers_of_post(key: str, *, after: int) -> Sequence[int]:
    """The next of those who want letters at once of its group. Whether they may read it is asked when a letter goes."""
    group = sa.select(Post.group_id).where(Post.key == key, Post.hidden_at.is_(None)).scalar_subquery()
    author = sa.select(sa.func.coalesce(Post.author_id, 0)).where(Post.key == key).scalar_subquery()
    return _readers(group, author, after)


def readers_of_event(slug: str, *, after: int) -> Sequence[int]:
    group = sa.select(Event.group_id).where(Event.slug == slug, Event.hidden_at.is_(None)).scalar_subquery()
    author = sa.select(sa.func.coalesce(Event.posted_by_id, 0)).where(Event.slug == slug).scalar_subquery()
    return _readers(group, author, after)


def _readers(group: sa.ScalarSelect[int | None], author: sa.ScalarSelect[int], after: int) -> Sequence[int]:
    select = sa.select(Membership.account_id).where(
        Membership.group_id == group,
        Membership.rhythm == Rhythm.AT_ONCE,
        Membership.state == MembershipState.ACTIVE,
        Membership.account_id > after,
        Membership.account_id != author,
    )
    return db.session.scalars(select.order_by(Membership.account_id).limit(LETTERS_AT_A_TIME)).all()
