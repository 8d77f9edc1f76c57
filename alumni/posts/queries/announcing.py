"""Who gets a letter when a post is announced."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core.db import db, there_is
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing, Participation, ParticipationState
from alumni.posts import policy
from alumni.posts.models import Announcement, Post
from alumni.programmes.models import Cohort


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a group. Empty: all of it."""

    country: str = ""
    cohort_id: int | None = None
    is_for_organisers: bool = False


def receivers(by_id: int, group_id: int, part: Part) -> sa.Select[Any]:
    """The accounts that a letter goes to: of this part, not the sender, nobody who has blocked them or is blocked."""
    select = (
        sa.select(Account.id)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.group_id == group_id,
            policy.receives_letters(),
            Account.id != by_id,
            sa.not_(members_policy.is_blocked_either_way(by_id, Account.id)),
        )
    )
    return select.where(*_of(part, group_id))


def _of(part: Part, group_id: int) -> list[sa.ColumnElement[bool]]:
    clauses = []
    if part.country:
        clauses.append(
            there_is(
                Listing,
                Listing.account_id == Account.id,
                Listing.audience == Audience.GROUPS,
                Listing.country == part.country,
            )
        )
    if part.cohort_id:
        clauses.append(
            there_is(
                Participation,
                Participation.account_id == Account.id,
                Participation.cohort_id == part.cohort_id,
                Participation.state == ParticipationState.VERIFIED,
            )
        )
    if part.is_for_organisers:
        clauses.append(there_is(Group, Group.id == group_id, groups_policy.organised_by(Account)))
    return clauses


def count_receivers(by_id: int, group_id: int, part: Part) -> int:
    """How many letters that makes now. Asked by an organiser who is about to send them, so it may count."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(receivers(by_id, group_id, part).subquery())) or 0


def cohorts_to_choose(programme_id: int | None) -> list[tuple[str, str]]:
    """The cohorts of a group's programme, by slug and title, the latest first."""
    if programme_id is None:
        return []
    select = sa.select(Cohort.slug, Cohort.title).where(Cohort.programme_id == programme_id)
    return [
        (slug, title) for slug, title in db.session.execute(select.order_by(Cohort.year.desc(), Cohort.id).limit(60))
    ]


def find_cohort_id(slug: str) -> int | None:
    return db.session.scalar(sa.select(Cohort.id).where(Cohort.slug == slug))


def announcement_of(post_id: int) -> sa.Select[Any]:
    return sa.select(Announcement).where(Announcement.post_id == post_id)


def find_letter(announcement_id: int, *, to: int) -> tuple[Account, dict[str, Any]] | None:
    """The reader and the facts of one letter, or None when it is not to be sent any more.

    The rules are asked again, because a letter may wait for days: for a mail server, or behind a thousand others.
    """
    shown = sa.and_(
        Listing.account_id == Post.author_id,
        Listing.audience == Audience.GROUPS,
        there_is(
            Membership,
            Membership.account_id == Post.author_id,
            Membership.group_id == Post.group_id,
            Membership.state == MembershipState.ACTIVE,
        ),
    )
    row = db.session.execute(
        sa.select(
            Announcement, Post.key, Post.body, Post.group_id, Group.name, Group.slug, Listing.name.label("author")
        )
        .join(Post, Post.id == Announcement.post_id)
        .join(Group, Group.id == Post.group_id)
        .outerjoin(Listing, shown)
        .where(Announcement.id == announcement_id, Post.hidden_at.is_(None))
    ).first()
    if row is None:
        return None
    part = part_of(row.Announcement)
    still = receivers(row.Announcement.by_id or 0, row.group_id, part).where(Account.id == to)
    if db.session.scalar(still) is None:
        return None
    facts = {"group": row.name, "group_slug": row.slug, "key": row.key, "body": row.body, "author": row.author or ""}
    return db.session.get_one(Account, to), facts


def part_of(announcement: Announcement) -> Part:
    return Part(announcement.country, announcement.cohort_id, announcement.is_for_organisers)
