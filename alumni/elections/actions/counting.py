"""Counting the box, deciding a tie, and making whoever is elected an organiser."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.core import audit, clock
from alumni.core.db import db, insert_many
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.elections import notices, policy, queries
from alumni.elections.models import Ballot, Candidate, CandidateState, Election, ElectionState, Outcome
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group


class NotTied(DomainError):
    """There is no tie to decide, or it is decided already."""


class NobodyElected(DomainError):
    """The election has no result that somebody could be appointed by."""


class AppointedAlready(DomainError):
    """Somebody has done it."""


class CandidateGone(DomainError):
    """Whoever was elected has left the group."""


def count_due(now: datetime) -> Iterator[int]:
    """Counts each election whose voting is over. The caller commits each."""
    for election_id in queries.due_to_count(now):
        if _count(election_id, now):
            yield election_id


def _count(election_id: int, now: datetime) -> bool:
    due = sa.select(Election).where(
        Election.id == election_id, Election.state == ElectionState.OPEN, Election.closes_at <= now
    )
    election = db.session.scalar(due.with_for_update().execution_options(populate_existing=True))
    if election is None:
        return False
    standing = sa.select(Candidate).where(
        Candidate.election_id == election.id, Candidate.state == CandidateState.STANDING
    )
    candidates = db.session.scalars(standing.order_by(Candidate.id)).all()
    votes = queries.votes_of(election.id)
    for candidate in candidates:
        candidate.votes = votes.get(candidate.id, 0)
    election.cast_count, election.blank_count = sum(votes.values()), votes.get(None, 0)
    first = _first(candidates)
    election.outcome = _outcome(election, first)
    if election.outcome == Outcome.ELECTED:
        first[0].is_elected = True
    election.state, election.counted_at = ElectionState.COUNTED, now
    _shuffle_box(election.id)
    audit.record(
        INSTALLATION,
        "election.count",
        f"election:{election.key}",
        outcome=election.outcome,
        cast=election.cast_count,
        roll=election.roll_count,
        votes={candidate.key: candidate.votes for candidate in candidates},
    )
    told = {election.officer_id, *(candidate.account_id for candidate in candidates)}
    notices.tell_of_count(election, sorted(account_id for account_id in told if account_id is not None))
    return True


def _first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those with the most votes; nobody if there are none."""
    most = max((candidate.votes or 0 for candidate in candidates), default=0)
    return [candidate for candidate in candidates if most and candidate.votes == most]


def _outcome(election: Election, first: Sequence[Candidate]) -> Outcome:
    if election.cast_count * 100 < election.quorum * election.roll_count:
        return Outcome.NO_QUORUM
    if not first:
        return Outcome.NO_VOTES
    return Outcome.ELECTED if len(first) == 1 else Outcome.TIED


def _shuffle_box(election_id: int) -> None:
    """Writes the ballots anew in the order of their receipts, so that where they lie does not say when they came."""
    ballots = sa.select(Ballot.election_id, Ballot.candidate_id, Ballot.receipt).where(
        Ballot.election_id == election_id
    )
    rows = db.session.execute(ballots.order_by(Ballot.receipt)).all()
    db.session.execute(sa.delete(Ballot).where(Ballot.election_id == election_id))
    if rows:
        insert_many(Ballot, [{"id": secrets.randbits(62) + 1, **row._asdict()} for row in rows])


def decide_tie(*, actor: Viewer, election: Election, choice: str, reason: str) -> None:
    """An organiser says which of those with the most votes is elected, and why: drawn by lot, by the charter.

    Raises NotTied, Invalid("choice").
    """
    require(policy.can_decide_tie(actor, election), "organiser-no-candidate")
    candidates = db.session.scalars(
        sa.select(Candidate).where(Candidate.election_id == election.id, Candidate.votes.is_not(None))
    ).all()
    chosen = next((candidate for candidate in _first(candidates) if candidate.key == choice), None)
    once = sa.update(Election).where(
        Election.id == election.id, Election.outcome == Outcome.TIED, Election.decided_at.is_(None)
    )
    values = {"decided_at": clock.now(), "reason": reason}
    decided = db.session.execute(once.values(values).execution_options(synchronize_session=False))
    if not decided.rowcount:  # type: ignore[attr-defined]
        raise NotTied
    if chosen is None:
        raise Invalid("choice", "unknown")
    chosen.is_elected = True
    audit.record(actor, "election.decide", f"election:{election.key}", reason=reason, candidate=choice)


def appoint_elected(*, actor: Viewer, election: Election) -> None:
    """Makes whoever is elected an organiser of the group until the end of the term.

    Raises NobodyElected, CandidateGone, AppointedAlready.
    """
    require(policy.can_appoint(actor, election.group_id), "organiser-above")
    elected = sa.select(Account.id, Account.handle).join(Candidate, Candidate.account_id == Account.id)
    found = db.session.execute(elected.where(Candidate.election_id == election.id, Candidate.is_elected)).first()
    if found is None:
        raise NobodyElected
    if not policy.is_member(found.id, election.group_id):
        raise CandidateGone
    once = sa.update(Election).where(Election.id == election.id, Election.appointed_at.is_(None))
    done = db.session.execute(once.values(appointed_at=clock.now()).execution_options(synchronize_session=False))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise AppointedAlready
    group = db.session.get_one(Group, election.group_id)
    term_to = date.fromisoformat(election.term_to)
    groups_actions.appoint_organiser(actor=actor, group=group, handle=found.handle, term_ends_on=term_to)
    audit.record(actor, "election.appoint", f"election:{election.key}", member=found.handle)
