"""A post as a letter to a group, or to a part of it: once to each, by a job, a few hundred at a time."""

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import audit, clock, jobs
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group
from alumni.posts import notices, policy, queries
from alumni.posts.models import Announcement, Post
from alumni.posts.queries import Part
from alumni.posts.queries.announcing import part_of

ANNOUNCE, SEND_ANNOUNCEMENT = notices.ANNOUNCE, notices.SEND_ANNOUNCEMENT
LETTERS_AT_A_TIME = 200


class AnnouncedAlready(DomainError):
    """A post is announced once."""


def announce_post(*, actor: Viewer, post: Post, part: Part, is_public: bool) -> None:
    """Sends it to everybody in the part of the group. Of two who do it at once, one does.

    Raises Invalid("country") when there is nobody to write to, and AnnouncedAlready.
    """
    require(policy.can_announce(actor, post))
    group = db.session.get_one(Group, post.group_id)
    groups_actions.require_open(group)
    if is_public and not policy.can_be_public(group.visibility):
        raise Invalid("is_public", "group-not-public")
    if not queries.count_receivers(actor.id, group.id, part):
        raise Invalid("country", "nobody-to-tell")
    now = clock.now()
    once = sa.update(Post).where(Post.id == post.id, Post.announced_at.is_(None))
    result = db.session.execute(
        once.values(announced_at=now, is_public=is_public).execution_options(synchronize_session=False)
    )
    if not result.rowcount:  # type: ignore[attr-defined]
        raise AnnouncedAlready
    announcement = Announcement(
        post_id=post.id,
        by_id=actor.id,
        country=part.country,
        cohort_id=part.cohort_id,
        is_for_organisers=part.is_for_organisers,
    )
    db.session.add(announcement)
    db.session.flush()
    jobs.enqueue(ANNOUNCE, announcement=announcement.id)
    audit.record(actor, "post.announce", f"post:{post.key}", is_public=is_public)


def promise_letters(announcement_id: int) -> None:
    """Promises the next few hundred letters, and itself to go on, in one transaction.

    The row says how far it has come and moves only from where this began: a second worker promises nothing again.
    """
    announcement = db.session.get(Announcement, announcement_id)
    post = db.session.get(Post, announcement.post_id) if announcement is not None else None
    if announcement is None or post is None or post.group_id is None or post.hidden_at is not None:
        return
    last = announcement.last_id
    few = queries.receivers(announcement.by_id or 0, post.group_id, part_of(announcement)).where(Account.id > last)
    ids = list(db.session.scalars(few.order_by(Account.id).limit(LETTERS_AT_A_TIME)))
    mine = sa.update(Announcement).where(Announcement.id == announcement.id, Announcement.last_id == last)
    reached = (
        {"last_id": ids[-1], "sent_count": Announcement.sent_count + len(ids)} if ids else {"done_at": clock.now()}
    )
    moved = db.session.execute(mine.values(reached).execution_options(synchronize_session=False))
    if not ids or not moved.rowcount:  # type: ignore[attr-defined]
        return
    for account_id in ids:
        jobs.enqueue(SEND_ANNOUNCEMENT, announcement=announcement.id, to=account_id)
    jobs.enqueue(ANNOUNCE, announcement=announcement.id)
