"""Feeds: the posts of a group, of a programme and its cohorts, and what a group says to everybody."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.core.db import db, there_is
from alumni.core.paging import Key, beyond, order_of
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, GroupKind, Membership, MembershipState, Visibility
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing
from alumni.posts import policy
from alumni.posts.models import Post, Visit
from alumni.programmes.models import Programme

NEWEST = (Key(Post.created_at, "created_at", True), Key(Post.id, "id", True))
MOST_COHORTS = 12  # that somebody is in, of one programme
MOST_PUBLIC = 50


def post_rows(viewer: Viewer, *more: Any) -> sa.Select[Any]:
    """Posts that the viewer reads, with the names of their authors.

    The author is named as to a group while in it, else as to anybody whom the viewer may find, else not at all.
    """
    here, anywhere = aliased(Listing), Listing
    is_here = there_is(
        Membership,
        Membership.account_id == Post.author_id,
        Membership.group_id == Post.group_id,
        Membership.state == MembershipState.ACTIVE,
    )
    as_here = sa.and_(here.account_id == Post.author_id, here.audience == Audience.GROUPS, is_here)
    as_anywhere = sa.and_(anywhere.account_id == Post.author_id, members_policy.visible_to(viewer))
    select = sa.select(
        Post.id,
        Post.key,
        Post.body,
        Post.language,
        Post.created_at,
        Post.edited_at,
        Post.edits,
        Post.pinned_at,
        Post.waits_at,
        Post.announced_at,
        Post.is_public,
        Post.answers_count,
        (Post.author_id == viewer.id).label("is_mine"),
        _is_new(viewer).label("is_new"),
        sa.func.coalesce(here.handle, anywhere.handle).label("handle"),
        sa.func.coalesce(here.name, anywhere.name).label("name"),
        sa.func.coalesce(here.name_romanised, anywhere.name_romanised).label("name_romanised"),
        sa.func.coalesce(here.picture, anywhere.picture).label("picture"),
        *more,
    ).select_from(Post)
    return select.outerjoin(here, as_here).outerjoin(anywhere, as_anywhere).where(policy.visible_to(viewer))


def _is_new(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Written by somebody else since the viewer last said that all was seen, or came into the group."""
    seen = sa.select(Visit.seen_at).where(Visit.account_id == viewer.id, Visit.group_id == Post.group_id)
    joined = sa.select(Membership.joined_at).where(
        Membership.account_id == viewer.id, Membership.group_id == Post.group_id
    )
    since = sa.func.coalesce(
        seen.correlate(Post).scalar_subquery(), joined.correlate(Post).scalar_subquery(), type_=Post.created_at.type
    )
    return sa.and_(Post.created_at > since, sa.func.coalesce(Post.author_id, 0) != viewer.id)


def posts_in(viewer: Viewer, *, group_id: int, key: str = "") -> sa.Select[Any]:
    """The posts of a group, or the one with a key. Page them by `NEWEST`."""
    select = post_rows(viewer).where(Post.group_id == group_id)
    return select.where(Post.key == key) if key else select.where(Post.parent_id.is_(None))


ready_posts = ready()(posts_in)


@ready()
def pinned_in(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """The few that organisers keep on top, the last one pinned first."""
    return posts_in(viewer, group_id=group_id).where(Post.pinned_at.is_not(None)).order_by(Post.pinned_at.desc())


def find_programme_posts(viewer: Viewer, programme_id: int, after: Sequence[Any] | None, rows: int) -> list[Any]:
    """What was written to a programme, and in the groups of its cohorts in which the viewer is, newest first."""
    groups = _my_cohort_groups(viewer, programme_id=programme_id).all()
    ids = {f"group_{place}": group.id for place, group in enumerate(groups)}
    values = {"rows": rows} | {f"after_{place}": value for place, value in enumerate(after or ())}
    found = _programme_posts(viewer, programme_id=programme_id, is_further=bool(after), **ids)
    posts = type(found)(found.statement, found.values | values).all()
    return sorted(posts, key=lambda post: (post.created_at, post.id), reverse=True)[:rows]


@ready()
def _my_cohort_groups(viewer: Viewer, *, programme_id: int) -> sa.Select[Any]:
    edition = aliased(Programme)
    of_it = sa.or_(
        Group.programme_id == programme_id,
        there_is(edition, edition.id == Group.programme_id, edition.parent_id == programme_id),
    )
    return (
        sa.select(Group.id)
        .join(Membership, Membership.group_id == Group.id)
        .where(
            Membership.account_id == viewer.id,
            Membership.state == MembershipState.ACTIVE,
            Group.kind == GroupKind.COHORT,
            of_it,
        )
        .order_by(Membership.joined_at.desc(), Group.id)
        .limit(MOST_COHORTS)
    )


@ready(shape=("is_further",))
def _programme_posts(viewer: Viewer, *, programme_id: int, is_further: bool, **groups: int) -> Any:
    """Each of these reads a few rows of its own index."""
    places = [Post.programme_id == programme_id, *(Post.group_id == group_id for group_id in groups.values())]
    return sa.union_all(*(_few(viewer, place, is_further) for place in places))


def _few(viewer: Viewer, place: sa.ColumnElement[bool], is_further: bool) -> sa.Select[Any]:
    select = post_rows(viewer, Group.slug.label("group_slug"), Group.name.label("group_name"))
    select = select.outerjoin(Group, Group.id == Post.group_id).where(place, Post.parent_id.is_(None))
    if is_further:
        select = select.where(beyond(NEWEST))
    few = select.order_by(*order_of(NEWEST)).limit(sa.bindparam("rows", type_=sa.Integer()))
    return sa.select(few.subquery())


@cache
def _public_announcements() -> sa.Select[Any]:
    """The author is named as to the public, or not at all."""
    as_public = sa.and_(Listing.account_id == Post.author_id, Listing.audience == Audience.PUBLIC)
    return (
        sa.select(Post.key, Post.body, Post.language, Post.announced_at, Post.edited_at, Listing.name)
        .join(Group, Group.id == Post.group_id)
        .outerjoin(Listing, as_public)
        .where(
            Post.group_id == sa.bindparam("group"),
            Post.is_public,
            Post.hidden_at.is_(None),
            Group.visibility == Visibility.PUBLIC,
        )
        .order_by(Post.announced_at.desc())
        .limit(MOST_PUBLIC)
    )


def public_announcements(group_id: int) -> list[Any]:
    """What the organisers of a group have marked for everybody, the latest first."""
    return list(db.session.execute(_public_announcements(), {"group": group_id}).all())
