"""Standing, naming somebody else, saying no, and being struck from the list."""

import sqlalchemy as sa

from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.elections import notices, policy
from alumni.elections.actions.holding import NominationsClosed, hold
from alumni.elections.models import Candidate, CandidateState, Election, ElectionState
from alumni.groups import queries as groups_queries

__all__ = ["NominationsClosed", "name_candidate", "stand", "strike_candidate", "withdraw"]


def stand(*, actor: Viewer, election: Election, name: str, statement: str) -> Candidate:
    """The actor stands under this name, named by somebody or not. Doing it again changes the statement."""
    require(policy.can_stand(actor, election), "candidate")
    _hold_nominations(election)
    candidate = _ensure_candidate(election, actor.id, named_by_id=actor.id)
    if candidate.state == CandidateState.STRUCK:
        raise NominationsClosed
    candidate.state, candidate.name, candidate.statement = CandidateState.STANDING, name, statement
    db.session.flush()
    audit.record(actor, "election.stand", f"election:{election.key}")
    return candidate


def name_candidate(*, actor: Viewer, election: Election, handle: str) -> None:
    """Asks another member whether they stand. Whoever has answered already is not asked again.

    Raises Invalid("handle").
    """
    require(policy.can_name(actor, election), "candidate")
    _hold_nominations(election)
    found = groups_queries.members_of(actor, group_id=election.group_id, handle=handle)
    person = db.session.execute(found).first() if handle else None
    if person is None:
        raise Invalid("handle", "not-in-group")
    if person.account_id == election.officer_id:
        raise Invalid("handle", "officer-stands")
    facts = {
        "key": new_key(),
        "election_id": election.id,
        "account_id": person.account_id,
        "named_by_id": actor.id,
        "state": CandidateState.NAMED,
    }
    if insert_or_ignore(Candidate, facts):
        audit.record(actor, "election.name", f"election:{election.key}", member=handle)
        notices.tell_named(election, person.account_id)


def withdraw(*, actor: Viewer, election: Election) -> None:
    """The actor does not stand, or not any more. Until voting begins."""
    candidate = _find(election, actor.id)
    if candidate is None:
        raise NotFound
    require(policy.can_answer(actor, candidate), "owner")
    _hold_nominations(election)
    if candidate.state in policy.STANDS:
        was_named = candidate.state == CandidateState.NAMED
        candidate.state = CandidateState.DECLINED if was_named else CandidateState.WITHDRAWN
        audit.record(actor, "election.withdraw", f"election:{election.key}")


def strike_candidate(*, actor: Viewer, election: Election, candidate: Candidate, reason: str) -> None:
    """The election officer takes somebody off the list who may not stand, and says why."""
    require(policy.can_conduct(actor, election), "election-officer")
    _hold_nominations(election)
    candidate.state, candidate.reason = CandidateState.STRUCK, reason
    audit.record(actor, "election.strike", f"election:{election.key}", reason=reason, candidate=candidate.key)
    if candidate.account_id is not None:
        notices.tell_struck(election, candidate.account_id, reason)


def _hold_nominations(election: Election) -> None:
    hold(election, ElectionState.ANNOUNCED, error=NominationsClosed, is_shared=True)
    if clock.now() >= election.opens_at:
        raise NominationsClosed


def _find(election: Election, account_id: int) -> Candidate | None:
    mine = sa.select(Candidate).where(Candidate.election_id == election.id, Candidate.account_id == account_id)
    return db.session.scalar(mine.execution_options(populate_existing=True))


def _ensure_candidate(election: Election, account_id: int, *, named_by_id: int) -> Candidate:
    facts = {
        "key": new_key(),
        "election_id": election.id,
        "account_id": account_id,
        "named_by_id": named_by_id,
        "state": CandidateState.STANDING,
    }
    insert_or_ignore(Candidate, facts)
    found = _find(election, account_id)
    if found is None:
        raise NotFound
    return found
