"""Opening the vote, telling the voters, and casting a ballot that nobody can tie to its voter."""

import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from alumni.core import audit, clock, jobs
from alumni.core.db import db, insert_or_ignore, insert_selected
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.tokens import new_key
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.core.walltime import zone_of
from alumni.elections import notices, policy, queries
from alumni.elections.actions.holding import VotingClosed, hold
from alumni.elections.models import (
    Ballot,
    Candidate,
    CandidateState,
    Election,
    ElectionState,
    Outcome,
    RollEntry,
    Voted,
)
from alumni.groups.models import Membership

BLANK = "blank"
LETTERS_AT_A_TIME = 200


class VotedAlready(DomainError):
    """One vote each."""


class VotingNotOpen(DomainError):
    """The first moment to vote has not come."""


def open_due(now: datetime) -> Iterator[int]:
    """Opens each election whose time has come: fixes the roll and the list of candidates. The caller commits each."""
    for election_id in queries.due_to_open(now):
        if _open(election_id, now):
            yield election_id


def _open(election_id: int, now: datetime) -> bool:
    due = sa.select(Election).where(
        Election.id == election_id, Election.state == ElectionState.ANNOUNCED, Election.opens_at <= now
    )
    election = db.session.scalar(due.with_for_update().execution_options(populate_existing=True))
    if election is None:
        return False
    unanswered = sa.update(Candidate).where(
        Candidate.election_id == election.id, Candidate.state == CandidateState.NAMED
    )
    db.session.execute(unanswered.values(state=CandidateState.DECLINED).execution_options(synchronize_session=False))
    standing = sa.select(Candidate.id).where(
        Candidate.election_id == election.id, Candidate.state == CandidateState.STANDING
    )
    if db.session.scalar(standing.limit(1)) is None:
        election.state, election.outcome, election.counted_at = ElectionState.COUNTED, Outcome.NO_CANDIDATES, now
        audit.record(INSTALLATION, "election.count", f"election:{election.key}", outcome=Outcome.NO_CANDIDATES)
        return True
    voters = sa.select(sa.literal(election.id), Membership.account_id).where(
        policy.may_be_voter(election.group_id), Membership.joined_at < _end_of_day(election.joined_by, election.zone)
    )
    election.roll_count = insert_selected(RollEntry, ("election_id", "account_id"), voters)
    election.state = ElectionState.OPEN
    audit.record(INSTALLATION, "election.open", f"election:{election.key}", roll=election.roll_count)
    jobs.enqueue(notices.TELL_VOTERS, election=election.id)
    return True


def _end_of_day(day: str, zone: str) -> datetime:
    after = date.fromisoformat(day) + timedelta(days=1)
    return datetime.combine(after, time(), zone_of(zone)).astimezone(UTC)


def tell_voters(election_id: int) -> None:
    """Promises the next few hundred letters, and itself to go on. A second worker promises nothing again."""
    election = db.session.get(Election, election_id)
    if election is None or election.state != ElectionState.OPEN:
        return
    last, ids = election.told_up_to, queries.voters_to_tell(election, LETTERS_AT_A_TIME)
    if not ids:
        return
    mine = sa.update(Election).where(Election.id == election.id, Election.told_up_to == last)
    moved = db.session.execute(mine.values(told_up_to=ids[-1]).execution_options(synchronize_session=False))
    if not moved.rowcount:  # type: ignore[attr-defined]
        return
    for account_id in ids:
        notices.tell_voter(election, account_id)
    jobs.enqueue(notices.TELL_VOTERS, election=election.id)


def cast_vote(*, actor: Viewer, election: Election, choice: str) -> str:
    """Puts a ballot into the box and returns its receipt, which is stored nowhere: only its digest is.

    Raises VotingNotOpen, VotingClosed, VotedAlready, Invalid("choice").
    """
    if election.state == ElectionState.ANNOUNCED:
        raise VotingNotOpen
    require(policy.can_vote(actor, election), "voter")
    hold(election, ElectionState.OPEN, error=VotingClosed, is_shared=True)
    if clock.now() >= election.closes_at:
        raise VotingClosed
    candidate_id = _choice(election, choice)
    if not insert_or_ignore(Voted, {"election_id": election.id, "account_id": actor.id}):
        raise VotedAlready
    receipt = new_key(16)
    ballot = {
        "id": secrets.randbits(62) + 1,
        "election_id": election.id,
        "candidate_id": candidate_id,
        "receipt": queries.receipt_digest(election.key, receipt),
    }
    db.session.execute(sa.insert(Ballot).values(ballot))
    return "-".join(receipt[at : at + 4] for at in range(0, 16, 4))


def _choice(election: Election, choice: str) -> int | None:
    """The id of a candidate who stands; none for a blank ballot."""
    if choice == BLANK:
        return None
    standing = sa.select(Candidate.id).where(
        Candidate.election_id == election.id,
        Candidate.key == choice,
        Candidate.state == CandidateState.STANDING,
    )
    found = db.session.scalar(standing)
    if found is None:
        raise Invalid("choice", "unknown")
    return found
