"""What is asked about roles: who holds them, who held them, and what a successor has to know."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import Event, EventState
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, GroupPath, Membership, MembershipState, Tenure
from alumni.members.models import Audience, Listing
from alumni.posts.models import Announcement, Post
from alumni.settings.models import Proposal, ProposalState

WARN_BEFORE = timedelta(days=60)
MOST_SHOWN = 200
MOST_TEXTS = 5


def roles_of(viewer: Viewer, *, group_id: int, is_over: bool = False, key: str = "") -> sa.Select[Any]:
    """For those inside: who does what now or from a later day on, or who did, latest first.

    Named as to the group; somebody may show their name to nobody there.
    """
    today = clock.now().date().isoformat()
    over = sa.or_(Tenure.ended_at.is_not(None), sa.and_(Tenure.ends_on.is_not(None), Tenure.ends_on < today))
    select = (
        sa.select(
            Tenure.key,
            Tenure.account_id,
            Tenure.role,
            Tenure.title,
            Tenure.starts_on,
            Tenure.ends_on,
            Tenure.ended_at,
            Account.handle,
            Listing.name,
            Listing.name_romanised,
            Listing.picture,
        )
        .join(Account, Account.id == Tenure.account_id)
        .outerjoin(Listing, sa.and_(Listing.account_id == Tenure.account_id, Listing.audience == Audience.GROUPS))
        .where(
            Tenure.group_id == group_id,
            over if is_over else sa.not_(over),
            there_is(Group, Group.id == group_id, groups_policy.inside(viewer)),
        )
        .limit(MOST_SHOWN)
    )
    if key:
        select = select.where(Tenure.key == key)
    if is_over:
        return select.order_by(Tenure.ends_on.desc(), Tenure.id.desc())
    return select.order_by(Tenure.role, Tenure.id)


def find_tenure(group_id: int, key: str) -> Tenure | None:
    """As it is now, whatever this session read before."""
    select = sa.select(Tenure).where(Tenure.group_id == group_id, Tenure.key == key)
    return db.session.scalar(select.execution_options(populate_existing=True))


def running_out(now: datetime) -> sa.Select[tuple[Tenure]]:
    """Terms that end within sixty days, of which nobody was told."""
    last = (now + WARN_BEFORE).date().isoformat()
    return sa.select(Tenure).where(
        Tenure.ends_on >= now.date().isoformat(),
        Tenure.ends_on <= last,
        Tenure.warned_at.is_(None),
        Tenure.ended_at.is_(None),
    )


def ids_of_those_above(group_id: int) -> sa.Select[tuple[int]]:
    """Who organises a group directly above, and so makes its organisers."""
    above = directly_above(group_id)
    return sa.select(Tenure.account_id).where(Tenure.group_id.in_(above), groups_policy.is_organiser()).distinct()


def directly_above(group_id: int) -> sa.Select[tuple[int]]:
    """Ids of the groups that a group stands under, on all its lines."""
    return sa.select(GroupPath.ancestor_id).where(GroupPath.descendant_id == group_id, GroupPath.depth == 1)


def count_waiting(group_id: int) -> int:
    """Who asks to be let in."""
    waiting = sa.select(sa.func.count()).where(
        Membership.group_id == group_id, Membership.state == MembershipState.REQUESTED
    )
    return db.session.scalar(waiting) or 0


def count_proposals(group_id: int) -> int:
    """Groups that are proposed below this one and wait for a decision."""
    waiting = sa.and_(Proposal.parent_id == group_id, Proposal.state == ProposalState.WAITING)
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).where(waiting)) or 0


def texts_to_use_again(group_id: int) -> sa.Select[Any]:
    """What was announced last: a successor writes it again with other dates."""
    return (
        sa.select(Post.key, Post.body, Post.created_at)
        .join(Announcement, Announcement.post_id == Post.id)
        .where(Post.group_id == group_id, Post.hidden_at.is_(None))
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(MOST_TEXTS)
    )


def events_to_hand_over(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """What is proposed or to come, and then what was, latest first."""
    now = clock.now()
    return (
        sa.select(Event.slug, Event.title, Event.wall_start, Event.precision, Event.state, Event.seats_taken)
        .where(Event.group_id == group_id, Event.state != EventState.CANCELLED, events_policy.visible_to(viewer))
        .order_by(sa.case((Event.ends_at >= now, 0), else_=1), Event.starts_at.desc(), Event.id)
        .limit(40)
    )


def contacts(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """Who organises the groups above, for those inside: whom to ask."""
    return (
        sa.select(Group.name.label("group_name"), Group.slug.label("group_slug"), Account.handle, Listing.name)
        .select_from(Tenure)
        .join(Group, Group.id == Tenure.group_id)
        .join(Account, Account.id == Tenure.account_id)
        .join(Listing, sa.and_(Listing.account_id == Tenure.account_id, Listing.audience == Audience.MEMBERS))
        .where(
            Tenure.group_id.in_(directly_above(group_id)),
            groups_policy.is_organiser(),
            groups_policy.visible_to(viewer),
        )
        .order_by(Group.sort_key, Listing.name)
        .limit(50)
    )
