"""The count: how many votes each has, and every ballot with the digest of its receipt."""

import hashlib
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.paging import Key
from alumni.core.ready import ready
from alumni.core.viewer import Viewer
from alumni.elections import policy
from alumni.elections.models import Ballot, Candidate, Election, ElectionState

BY_RECEIPT = (Key(Ballot.receipt, "receipt"),)


def receipt_digest(election_key: str, code: str) -> str:
    """What stands beside a ballot: SHA-256 of `key:code` in hexadecimal, which anybody can compute for their code."""
    plain = code.replace("-", "").replace(" ", "").strip().lower()
    return hashlib.sha256(f"{election_key}:{plain}".encode("utf-8", "surrogatepass")).hexdigest()


@ready()
def ballots_of(viewer: Viewer, *, election_id: int) -> sa.Select[Any]:
    """Every ballot of a count, in the order of the receipts. Page them by `BY_RECEIPT`. None before it is counted."""
    return _published(viewer, election_id)


@ready()
def find_ballot(viewer: Viewer, *, election_id: int, receipt: str) -> sa.Select[Any]:
    return _published(viewer, election_id).where(Ballot.receipt == receipt)


def all_ballots(viewer: Viewer, election_id: int) -> sa.Select[Any]:
    """The same at once, to take along and count again."""
    return _published(viewer, election_id).order_by(Ballot.receipt)


def _published(viewer: Viewer, election_id: int) -> sa.Select[Any]:
    counted = (Election.id == election_id, Election.state == ElectionState.COUNTED)
    return (
        sa.select(Ballot.receipt, Candidate.name, Candidate.key)
        .outerjoin(Candidate, Candidate.id == Ballot.candidate_id)
        .where(Ballot.election_id == election_id, there_is(Election, *counted, policy.visible_to(viewer)))
    )


def votes_of(election_id: int) -> dict[int | None, int]:
    """Votes of each candidate by id, blank ballots under None. Counts the box once, when it is opened."""
    count = sa.select(Ballot.candidate_id, sa.func.count()).where(Ballot.election_id == election_id)
    return dict(db.session.execute(count.group_by(Ballot.candidate_id)).tuples().all())
