"""Who sees an election, who calls, conducts, stands, votes, decides a tie."""

from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import Who, in_good_standing
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.elections.models import Candidate, CandidateState, Election, RollEntry
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group, Membership, MembershipState

STANDS = (CandidateState.NAMED, CandidateState.STANDING)


def visible_to(viewer: Who) -> sa.ColumnElement[bool]:
    """Those inside the group, and whoever is on the roll: nobody loses a vote by being taken out of the group."""
    return sa.or_(
        there_is(Group, Group.id == Election.group_id, groups_policy.inside(viewer)),
        sa.and_(in_good_standing(viewer), is_on_roll(viewer.id)),
    )


def is_on_roll(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause on Election: somebody is on its roll."""
    return there_is(RollEntry, RollEntry.election_id == Election.id, RollEntry.account_id == account_id)


def may_be_voter(group_id: Any) -> sa.ColumnElement[bool]:
    """Clause on Membership: an active member of the group, who is on the roll if they joined early enough."""
    return sa.and_(Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE)


def can_call(viewer: Viewer, group_id: int) -> bool:
    """Organisers of the group or of one above it."""
    return groups_policy.can_organise(viewer, group_id)


def can_name_officer(viewer: Viewer, election: Election) -> bool:
    """The same people. They name who conducts it and do not conduct it themselves."""
    return groups_policy.can_organise(viewer, election.group_id) and not is_candidate(viewer.id, election.id)


def can_conduct(viewer: Viewer, election: Any) -> bool:
    """The election officer, and nobody else."""
    return viewer.is_authenticated and not viewer.is_suspended and election.officer_id == viewer.id


def can_stand(viewer: Viewer, election: Election) -> bool:
    """Members of the group who do not conduct it."""
    return not viewer.is_suspended and is_member(viewer.id, election.group_id) and election.officer_id != viewer.id


def can_name(viewer: Viewer, election: Election) -> bool:
    """Members of the group name one another; the election officer stays out of it."""
    return can_stand(viewer, election)


def can_answer(viewer: Viewer, candidate: Candidate) -> bool:
    """Whoever was named says whether they stand."""
    return viewer.is_authenticated and not viewer.is_suspended and candidate.account_id == viewer.id


def can_vote(viewer: Viewer, election: Election) -> bool:
    """Whoever is on the roll."""
    on_roll = there_is(RollEntry, RollEntry.election_id == election.id, RollEntry.account_id == viewer.id)
    return not viewer.is_suspended and bool(db.session.scalar(sa.select(on_roll)))


def can_decide_tie(viewer: Viewer, election: Election) -> bool:
    """An organiser who is no candidate."""
    return groups_policy.can_organise(viewer, election.group_id) and not is_candidate(viewer.id, election.id)


def can_appoint(viewer: Viewer, group_id: int) -> bool:
    """Whoever makes organisers: an organiser above, or an admin."""
    return groups_policy.can_appoint(viewer, group_id)


def is_member(account_id: int, group_id: int) -> bool:
    member = there_is(Membership, Membership.account_id == account_id, may_be_voter(group_id))
    return bool(db.session.scalar(sa.select(member)))


def is_candidate(account_id: int, election_id: int) -> bool:
    """Stands, or was named and may still say yes."""
    stands = there_is(
        Candidate,
        Candidate.election_id == election_id,
        Candidate.account_id == account_id,
        Candidate.state.in_(STANDS),
    )
    return bool(db.session.scalar(sa.select(stands)))
