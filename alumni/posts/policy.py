"""Who reads a post, who writes, edits, deletes, pins, announces, hides and restores one."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from alumni.accounts.models import Account, AccountState
from alumni.accounts.policy import Who, holds, in_good_standing
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState, Visibility
from alumni.members import policy as members_policy
from alumni.members.models import Participation
from alumni.posts.models import Post, PostDraft, PostPicture
from alumni.programmes.models import Programme

_Clause = sa.ColumnElement[bool]


def visible_to(viewer: Who) -> _Clause:
    """Those inside the group, or graduates of the programme, read what is not hidden, answers with what they answer.

    Unless the author and they have blocked one another.
    """
    parent = aliased(Post)
    # One value for each row, not an EXISTS: PostgreSQL may turn that into a hash of all posts.
    answers_something_open = sa.select(_is_open(parent, viewer)).where(parent.id == Post.parent_id)
    return sa.and_(
        _is_open(Post, viewer),
        sa.or_(Post.parent_id.is_(None), answers_something_open.correlate_except(parent).scalar_subquery()),
        sa.or_(
            there_is(Group, Group.id == Post.group_id, groups_policy.inside(viewer)),
            sa.and_(Post.programme_id.is_not(None), graduated_from(viewer, Post.programme_id)),
        ),
    )


def _is_open(post: Any, viewer: Who) -> _Clause:
    """Not hidden, or the viewer's own that waits to be let through."""
    is_mine_and_waits = sa.and_(post.waits_at.is_not(None), post.author_id == viewer.id)
    is_shown = sa.or_(post.hidden_at.is_(None), is_mine_and_waits)
    return sa.and_(is_shown, sa.not_(members_policy.is_blocked_either_way(viewer.id, post.author_id)))


def graduated_from(viewer: Who, programme_id: Any) -> _Clause:
    """A verified participation in the programme or in one of its editions; admins everywhere."""
    edition = aliased(Programme)
    of_it = sa.or_(
        Participation.programme_id == programme_id,
        there_is(edition, edition.id == Participation.programme_id, edition.parent_id == programme_id),
    )
    was_there = there_is(
        Participation,
        Participation.account_id == viewer.id,
        members_policy.counts(),
        of_it,
    )
    return sa.and_(in_good_standing(viewer), sa.or_(holds(viewer.is_admin), was_there))


def picture_visible_to(viewer: Viewer) -> _Clause:
    """Clause on PostPicture: whoever reads the post, and whoever has it in a draft."""
    mine = there_is(PostDraft, PostDraft.id == PostPicture.draft_id, PostDraft.account_id == viewer.id)
    return sa.or_(there_is(Post, Post.id == PostPicture.post_id, visible_to(viewer)), mine)


def _not_reported(post_id: Any) -> _Clause:
    return sa.false()


_is_reported: Callable[[Any], _Clause] = _not_reported


def ask_about_reports(is_reported: Callable[[Any], _Clause]) -> None:
    """The assembler says how one finds out whether a post was reported: a higher room knows."""
    global _is_reported
    _is_reported = is_reported


def history_open_to(viewer: Viewer) -> _Clause:
    """Clause on Post: its former versions are for the author, for organisers, and for moderators once reported."""
    organised = there_is(Group, Group.id == Post.group_id, groups_policy.organised_by(viewer))
    reported = sa.and_(holds(can_moderate(viewer)), _is_reported(Post.id))
    return sa.or_(sa.and_(visible_to(viewer), sa.or_(Post.author_id == viewer.id, organised)), reported)


def receives_letters() -> _Clause:
    """Clause on Membership and Account: in the group, not muted, with a confirmed address, not suspended."""
    return sa.and_(
        Membership.state == MembershipState.ACTIVE,
        sa.not_(Membership.is_muted),
        Account.state == AccountState.ACTIVE,
    )


def can_moderate(viewer: Viewer) -> bool:
    return viewer.is_moderator and not viewer.is_suspended


def can_write(viewer: Viewer, group_id: int) -> bool:
    """Whoever is inside the group."""
    return groups_policy.is_inside(viewer, group_id)


def can_write_to_programme(viewer: Viewer, programme_id: int) -> bool:
    """Graduates of the programme."""
    return bool(db.session.scalar(sa.select(graduated_from(viewer, programme_id))))


def can_answer(viewer: Viewer, post: Post) -> bool:
    """Whoever reads it."""
    return bool(db.session.scalar(sa.select(there_is(Post, Post.id == post.id, visible_to(viewer)))))


def can_edit(viewer: Viewer, post: Post) -> bool:
    """One's own."""
    return can_delete(viewer, post)


def can_delete(viewer: Viewer, post: Post) -> bool:
    """One's own."""
    return viewer.is_authenticated and not viewer.is_suspended and post.author_id == viewer.id


def can_pin(viewer: Viewer, post: Post) -> bool:
    """Organisers of the group or of one above it."""
    return post.parent_id is None and post.group_id is not None and groups_policy.can_organise(viewer, post.group_id)


def can_announce(viewer: Viewer, post: Post) -> bool:
    """The same people: a letter to everybody speaks for the group."""
    return can_pin(viewer, post)


def can_be_public(visibility: Visibility) -> bool:
    """Only a group that everybody sees has a public feed."""
    return visibility == Visibility.PUBLIC


def passable_by(viewer: Viewer) -> _Clause:
    """Clause on Post: it waits, and the viewer may let it through: who hides here, and did not write it."""
    moderated = there_is(Group, Group.id == Post.group_id, groups_policy.moderated_by(viewer))
    may = sa.or_(sa.and_(holds(viewer.is_moderator), in_good_standing(viewer)), moderated)
    return sa.and_(Post.waits_at.is_not(None), may, sa.func.coalesce(Post.author_id, 0) != viewer.id)


def can_let_through(viewer: Viewer, post: Post) -> bool:
    return bool(db.session.scalar(sa.select(there_is(Post, Post.id == post.id, passable_by(viewer)))))


def writes_freely(viewer: Viewer, group_id: int | None) -> bool:
    """Whoever lets others through does not wait."""
    return can_moderate(viewer) or (group_id is not None and groups_policy.can_moderate(viewer, group_id))


def can_edit_words(viewer: Viewer) -> bool:
    return viewer.is_admin and not viewer.is_suspended


def can_hide(viewer: Viewer, post: Post) -> bool:
    """Organisers of the group or of one above it, moderators, admins."""
    moderates = post.group_id is not None and groups_policy.can_moderate(viewer, post.group_id)
    return can_moderate(viewer) or moderates


def can_restore(viewer: Viewer) -> bool:
    """What was hidden comes back by a moderator alone: an organiser does not undo a moderator."""
    return can_moderate(viewer)
