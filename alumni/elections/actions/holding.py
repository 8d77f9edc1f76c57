"""Holding the row of an election while it is in a state, so that nothing slips in when it opens or is counted.

Those who stand and vote hold it together; who opens, counts or calls it off waits for them, and they for that.
"""

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.elections.models import Election, ElectionState


class NominationsClosed(DomainError):
    """Voting has begun, or it was called off."""


class VotingClosed(DomainError):
    """The last moment to vote has passed."""


def hold(election: Election, *states: ElectionState, error: type[DomainError], is_shared: bool = False) -> None:
    """Raises `error` if it is in none of the states by now."""
    row = sa.select(Election).where(Election.id == election.id).with_for_update(read=is_shared)
    now = db.session.scalars(row.execution_options(populate_existing=True)).one()
    if now.state not in states:
        raise error
