"""Calling an election, naming who conducts it, moving it, calling it off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.viewer import Viewer
from alumni.core.walltime import promised, wall_of
from alumni.elections import notices, policy
from alumni.elections.actions.holding import NominationsClosed, VotingClosed, hold
from alumni.elections.models import Ballot, Election, ElectionState
from alumni.groups import actions as groups_actions
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group

SHORTEST_VOTE, LONGEST_VOTE = timedelta(hours=1), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Moments:
    """From when to when votes are cast, as a clock on the wall of the group shows it."""

    opens: datetime
    closes: datetime
    zone: str
    opens_is_second: bool | None = None
    closes_is_second: bool | None = None


@dataclass(frozen=True, slots=True)
class ElectionDraft:
    title: str
    role: str
    term_from: date
    term_to: date
    joined_by: date
    quorum: int
    officer: str  # a handle
    moments: Moments
    again_of: Election | None = None


def call_election(*, actor: Viewer, group: Group, key: str, draft: ElectionDraft) -> Election:
    """Says which post is to be filled, and who conducts it. The same key makes one election.

    Raises Invalid("officer" | "term_to" | "joined_by" | "opens_at" | "closes_at").
    """
    require(policy.can_call(actor, group.id))
    groups_actions.require_open(group)
    officer = _find_officer(actor, group, draft.officer)
    if draft.term_to < draft.term_from:
        raise Invalid("term_to", "ends-before-start")
    if draft.term_to < clock.now().date():
        raise Invalid("term_to", "past")
    moments = _settled(draft.moments)
    if draft.joined_by > moments["wall_opens"].date():
        raise Invalid("joined_by", "after-opening")
    facts = {
        "key": key,
        "group_id": group.id,
        "again_of_id": draft.again_of.id if draft.again_of else None,
        "title": draft.title,
        "role": draft.role,
        "term_from": draft.term_from.isoformat(),
        "term_to": draft.term_to.isoformat(),
        "joined_by": draft.joined_by.isoformat(),
        "quorum": draft.quorum,
        "officer_id": officer.account_id,
        "officer_name": officer.name,
        "made_by_id": actor.id,
    }
    is_new = insert_or_ignore(Election, facts | moments)
    election = db.session.scalars(sa.select(Election).where(Election.key == key, Election.group_id == group.id)).one()
    if is_new:
        audit.record(actor, "election.call", f"election:{key}", group=group.slug, officer=draft.officer)
        notices.tell_officer(election)
    return election


def name_officer(*, actor: Viewer, election: Election, officer: str) -> None:
    """Another member conducts it from now on. Raises Invalid("officer")."""
    require(policy.can_name_officer(actor, election), "organiser-no-candidate")
    hold(election, ElectionState.ANNOUNCED, ElectionState.OPEN, error=VotingClosed)
    found = _find_officer(actor, db.session.get_one(Group, election.group_id), officer)
    if policy.is_candidate(found.account_id, election.id):
        raise Invalid("officer", "officer-stands")
    election.officer_id, election.officer_name = found.account_id, found.name
    audit.record(actor, "election.officer", f"election:{election.key}", officer=officer)
    notices.tell_officer(election)


def move_election(*, actor: Viewer, election: Election, moments: Moments) -> None:
    """Other moments, while voting has not begun. Raises Invalid("opens_at" | "closes_at")."""
    require(policy.can_conduct(actor, election), "election-officer")
    hold(election, ElectionState.ANNOUNCED, error=NominationsClosed)
    for name, value in _settled(moments).items():
        setattr(election, name, value)
    if election.joined_by > election.wall_opens.date().isoformat():
        raise Invalid("opens_at", "opens-before-roll")
    audit.record(actor, "election.move", f"election:{election.key}", opens_at=election.opens_at.isoformat())


def call_off(*, actor: Viewer, election: Election, reason: str) -> None:
    """Nobody is elected. What lies in the box is destroyed unread."""
    require(policy.can_conduct(actor, election), "election-officer")
    hold(election, ElectionState.ANNOUNCED, ElectionState.OPEN, error=VotingClosed)
    election.state, election.reason = ElectionState.CANCELLED, reason
    db.session.execute(sa.delete(Ballot).where(Ballot.election_id == election.id))
    audit.record(actor, "election.cancel", f"election:{election.key}", reason=reason)


def _settled(moments: Moments) -> dict[str, Any]:
    opens_at = promised(moments.opens, moments.zone, field="opens_at", is_second=moments.opens_is_second)
    closes_at = promised(moments.closes, moments.zone, field="closes_at", is_second=moments.closes_is_second)
    if opens_at <= clock.now():
        raise Invalid("opens_at", "past")
    if closes_at <= opens_at:
        raise Invalid("closes_at", "ends-before-start")
    if not SHORTEST_VOTE <= closes_at - opens_at <= LONGEST_VOTE:
        raise Invalid("closes_at", "vote-length", most=LONGEST_VOTE.days)
    return {
        "zone": moments.zone,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "wall_opens": wall_of(opens_at, moments.zone),
        "wall_closes": wall_of(closes_at, moments.zone),
    }


def _find_officer(actor: Viewer, group: Group, handle: str) -> Any:
    """A member who shows their name to the group."""
    found = groups_queries.members_of(actor, group_id=group.id, handle=handle)
    person = db.session.execute(found).first() if handle else None
    if person is None:
        raise Invalid("officer", "not-in-group")
    return person
