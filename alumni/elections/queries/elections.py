"""Elections of a group, one with its candidates, and those whose time has come."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.elections import policy
from alumni.elections.models import Candidate, CandidateState, Election, ElectionState, RollEntry, Voted
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, Rhythm
from alumni.members import policy as members_policy
from alumni.members.models import Audience, Listing

LATEST = (Key(Election.opens_at, "opens_at", True), Key(Election.id, "id", True))


def visible_elections(viewer: Viewer) -> sa.Select[Any]:
    """The elections that the viewer may know of."""
    return sa.select(Election).where(policy.visible_to(viewer))


def visible_candidates(viewer: Viewer) -> sa.Select[Any]:
    of_visible = there_is(Election, Election.id == Candidate.election_id, policy.visible_to(viewer))
    return sa.select(Candidate).where(of_visible)


@ready()
def elections_of(viewer: Viewer, *, group_id: int) -> sa.Select[Any]:
    """The elections of a group for those inside. Page them by `LATEST`."""
    return sa.select(
        Election.id,
        Election.key,
        Election.title,
        Election.term_from,
        Election.term_to,
        Election.zone,
        Election.opens_at,
        Election.closes_at,
        Election.state,
        Election.outcome,
        Election.quorum,
        Election.officer_name,
    ).where(Election.group_id == group_id, policy.visible_to(viewer))


@ready()
def election_page(viewer: Viewer, *, key: str) -> sa.Select[Any]:
    """An election with its group and how the viewer stands to it."""
    mine = (Candidate.election_id == Election.id, Candidate.account_id == viewer.id)
    is_member = there_is(Membership, Membership.account_id == viewer.id, policy.may_be_voter(Election.group_id))
    return (
        sa.select(
            *Election.__table__.columns,
            Group.slug.label("group_slug"),
            Group.name.label("group_name"),
            Group.country.label("group_country"),
            groups_policy.organised_by(viewer).label("is_organised"),
            is_member.label("is_member"),
            policy.is_on_roll(viewer.id).label("is_on_roll"),
            there_is(Voted, Voted.election_id == Election.id, Voted.account_id == viewer.id).label("has_voted"),
            there_is(Candidate, *mine, Candidate.state.in_(policy.STANDS)).label("is_candidate"),
            sa.type_coerce(Election.officer_id == viewer.id, sa.Boolean()).label("is_conducted"),
        )
        .join(Group, Group.id == Election.group_id)
        .where(policy.visible_to(viewer), Election.key == key)
    )


@ready()
def candidates_of(viewer: Viewer, *, election_id: int) -> sa.Select[Any]:
    """Who stands, by name; once counted, who has most votes first.

    Whoever was named and has not answered is shown to themselves, to who named them and to the election officer.
    """
    is_known = sa.or_(
        Candidate.state == CandidateState.STANDING,
        Candidate.account_id == viewer.id,
        Candidate.named_by_id == viewer.id,
        there_is(Election, Election.id == Candidate.election_id, Election.officer_id == viewer.id),
    )
    as_to_group = sa.and_(Listing.account_id == Candidate.account_id, Listing.audience == Audience.GROUPS)
    blocked = members_policy.is_blocked_either_way(viewer.id, Candidate.account_id)
    return (
        sa.select(
            Candidate.id,
            Candidate.key,
            sa.func.coalesce(sa.func.nullif(Candidate.name, ""), Listing.name, "").label("name"),
            sa.case((blocked, None), else_=Listing.handle).label("handle"),
            Candidate.statement,
            Candidate.state,
            Candidate.reason,
            Candidate.votes,
            Candidate.is_elected,
            sa.type_coerce(Candidate.account_id == viewer.id, sa.Boolean()).label("is_me"),
        )
        .outerjoin(Listing, as_to_group)
        .where(
            Candidate.election_id == election_id,
            there_is(Election, Election.id == election_id, policy.visible_to(viewer)),
            is_known,
        )
        .order_by(sa.func.coalesce(Candidate.votes, 0).desc(), "name", Candidate.id)
    )


def due_to_open(now: datetime) -> list[int]:
    """Ids of those whose voting should have begun."""
    due = sa.select(Election.id).where(Election.state == ElectionState.ANNOUNCED, Election.opens_at <= now)
    return list(db.session.scalars(due.order_by(Election.opens_at).limit(100)))


def due_to_count(now: datetime) -> list[int]:
    """Ids of those whose voting is over and whose ballots lie in the box."""
    due = sa.select(Election.id).where(Election.state == ElectionState.OPEN, Election.closes_at <= now)
    return list(db.session.scalars(due.order_by(Election.closes_at).limit(100)))


def voters_to_tell(election: Election, limit: int) -> list[int]:
    """The next accounts of the roll that get a letter when voting opens: not suspended, the group not muted."""
    muted = there_is(
        Membership,
        Membership.account_id == RollEntry.account_id,
        Membership.group_id == election.group_id,
        Membership.rhythm == Rhythm.NONE,
    )
    few = (
        sa.select(RollEntry.account_id)
        .join(Account, Account.id == RollEntry.account_id)
        .where(
            RollEntry.election_id == election.id,
            RollEntry.account_id > election.told_up_to,
            Account.state == AccountState.ACTIVE,
            sa.not_(muted),
        )
    )
    return list(db.session.scalars(few.order_by(RollEntry.account_id).limit(limit)))
