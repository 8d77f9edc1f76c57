"""Who stands at the desk, and who else may decide."""

import sqlalchemy as sa

from alumni.claims.models import Case, ClaimRules
from alumni.core.db import db, there_is
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.members.models import Participation, ParticipationState
from alumni.officers import policy as officers_policy
from alumni.rosters.models import RosterEntry


def organisers_decide(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Participation: the viewer organises its cohort's group, and an officer lets organisers decide."""
    if not viewer.is_verified or viewer.is_suspended:
        return sa.false()
    is_let = there_is(
        ClaimRules, ClaimRules.programme_id == Participation.programme_id, ClaimRules.organisers_decide.is_(True)
    )
    runs_it = there_is(Group, Group.cohort_id == Participation.cohort_id, groups_policy.organised_by(viewer))
    return sa.and_(is_let, runs_it)


def can_see_desk(viewer: Viewer) -> bool:
    """Admins, officers whose term runs, and organisers whom an officer lets decide."""
    if viewer.is_suspended or not viewer.is_authenticated:
        return False
    if viewer.is_admin or officers_policy.is_officer(viewer):
        return True
    runs = (
        sa.select(Group.id)
        .join(ClaimRules, ClaimRules.programme_id == Group.programme_id)
        .where(ClaimRules.organisers_decide.is_(True), groups_policy.organised_by(viewer))
        .limit(1)
    )
    return viewer.is_verified and db.session.scalar(runs) is not None


def can_set_rules(viewer: Viewer, programme_id: int) -> bool:
    """Officers of the whole programme, and admins."""
    if viewer.is_admin and not viewer.is_suspended:
        return True
    return officers_policy.reaches(viewer, programme_id=programme_id)


def is_asked_for() -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: somebody claims it, and it is not declined or taken back."""
    stands = Participation.state.not_in([ParticipationState.DECLINED, ParticipationState.REVOKED])
    of_claim = there_is(Participation, Participation.id == Case.participation_id, stands)
    return there_is(Case, Case.entry_id == RosterEntry.id, of_claim)
