"""Who stands at the desk, who else may decide, who is asked whether somebody was there."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.claims.models import Case, ClaimRules, Vouch
from alumni.core import clock
from alumni.core.db import db, there_is
from alumni.core.ready import from_now
from alumni.core.viewer import Viewer
from alumni.groups import policy as groups_policy
from alumni.groups.models import Group
from alumni.members import policy as members_policy
from alumni.members.models import Member, Participation, ParticipationState
from alumni.officers import policy as officers_policy
from alumni.programmes.models import Programme
from alumni.rosters.models import RosterEntry

ASKED_FOR = timedelta(days=30)  # then the question goes away


def covered_by_rules() -> sa.CTE:
    """Each programme with the one whose rules hold for it: its own, or those of the nearest above it that has any."""
    own = sa.select(ClaimRules.programme_id.label("rules_of"), ClaimRules.programme_id).cte("covered", recursive=True)
    has_own = sa.exists().where(ClaimRules.programme_id == Programme.id).correlate(Programme)
    below = sa.select(own.c.rules_of, Programme.id).join(own, Programme.parent_id == own.c.programme_id)
    return own.union(below.where(sa.not_(has_own)))


def _lets_organisers(programme_id: Any) -> sa.ColumnElement[bool]:
    """Clause: the rules that hold for this programme let organisers decide."""
    covered = covered_by_rules()
    lets = sa.and_(ClaimRules.programme_id == covered.c.rules_of, ClaimRules.organisers_decide.is_(True))
    return sa.exists().where(covered.c.programme_id == programme_id, lets).correlate_except(covered, ClaimRules)


def organisers_decide(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Participation: the viewer organises its cohort's group, and an officer lets organisers decide."""
    if not viewer.is_verified or viewer.is_suspended:
        return sa.false()
    runs_it = there_is(Group, Group.cohort_id == Participation.cohort_id, _organises(viewer))
    return sa.and_(_lets_organisers(Participation.programme_id), runs_it)


def _organises(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Group: the viewer organises this very group. Whoever organises one above it was not there."""
    return groups_policy.organises(viewer.id, Group.id)


def can_see_desk(viewer: Viewer) -> bool:
    """Admins, officers whose term runs, and organisers whom an officer lets decide."""
    if viewer.is_suspended or not viewer.is_authenticated:
        return False
    if viewer.is_admin or officers_policy.is_officer(viewer):
        return True
    if not viewer.is_verified:
        return False
    runs = sa.select(Group.id).where(
        Group.cohort_id.is_not(None), _lets_organisers(Group.programme_id), _organises(viewer)
    )
    return db.session.scalar(runs.limit(1)) is not None


def can_set_rules(viewer: Viewer, programme_id: int) -> bool:
    """Officers of the whole programme, and admins."""
    if viewer.is_admin and not viewer.is_suspended:
        return True
    return officers_policy.reaches(viewer, programme_id=programme_id)


def can_search_roster(viewer: Viewer, participation: Participation) -> bool:
    """Organisers who decide are no officers: they read no roster."""
    if viewer.is_admin and not viewer.is_suspended:
        return True
    return officers_policy.reaches(viewer, programme_id=participation.programme_id, country=participation.country)


def was_there(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause on Participation: this account holds a verified place in the same cohort. Never oneself."""
    theirs = sa.orm.aliased(Participation)
    return (
        sa.exists()
        .where(
            theirs.account_id == account_id,
            theirs.cohort_id == Participation.cohort_id,
            theirs.state == ParticipationState.VERIFIED,
            theirs.account_id != Participation.account_id,
        )
        .correlate_except(theirs)
    )


def can_be_asked() -> sa.ColumnElement[bool]:
    """Clause on Member and Participation: was there, is of age, takes part, and neither has blocked the other."""
    is_active = there_is(Account, Account.id == Member.account_id, Account.state == AccountState.ACTIVE)
    return sa.and_(
        was_there(Member.account_id),
        is_active,
        *_may_be_shown(Member),
        sa.not_(members_policy.is_blocked_either_way(Member.account_id, Participation.account_id)),
    )


def can_be_asked_about(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause: others may learn from a question that this person is here. Not of the young, nor of people at risk."""
    claimant = sa.orm.aliased(Member)
    return sa.exists().where(claimant.account_id == account_id, *_may_be_shown(claimant)).correlate_except(claimant)


def _may_be_shown(person: type[Member]) -> tuple[sa.ColumnElement[bool], ...]:
    coming_of_age = members_policy.born_before_coming_of_age(clock.now())
    return sa.or_(person.born_on.is_(None), person.born_on <= coming_of_age), person.hidden_at.is_(None)


def vouch_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Vouch joined with its Participation: the viewer was asked, and still is somebody to ask."""
    if not viewer.is_verified or viewer.is_suspended:
        return sa.false()
    is_blocked = members_policy.is_blocked_either_way(viewer.id, Participation.account_id)
    is_shown = can_be_asked_about(Participation.account_id)
    return sa.and_(Vouch.voucher_id == viewer.id, was_there(viewer.id), is_shown, sa.not_(is_blocked))


def is_recent() -> sa.ColumnElement[bool]:
    """Clause on Vouch: asked so lately that an answer still helps."""
    return Vouch.asked_at > from_now(-ASKED_FOR)


def can_vouch(viewer: Viewer, vouch: Vouch) -> bool:
    """Whoever was asked, while they are a verified member of the same cohort."""
    select = sa.select(sa.true()).select_from(Vouch).join(Participation, Participation.id == Vouch.participation_id)
    return bool(db.session.scalar(select.where(Vouch.id == vouch.id, vouch_visible_to(viewer))))


def has_in_hand(viewer: Viewer, claim: Any) -> bool:
    """Whether the viewer has taken this case, and not too long ago."""
    return bool(claim.taken_by_id == viewer.id and is_in_hand(claim))


def is_in_hand(claim: Any) -> bool:
    """Whether anybody has."""
    return claim.taken_by_id is not None and claim.taken_until > clock.now()


def evidence_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Clause on Participation: one's own claim, or one that the viewer decides on and has in hand, as the log says."""
    in_hand = there_is(
        Case,
        Case.participation_id == Participation.id,
        Case.taken_by_id == viewer.id,
        Case.taken_until > from_now(),
    )
    in_reach = members_policy.participation_visible_to(viewer)
    return sa.or_(Participation.account_id == viewer.id, sa.and_(in_reach, in_hand))


def is_asked_for() -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: somebody claims it, and it is not declined or taken back."""
    stands = Participation.state.not_in([ParticipationState.DECLINED, ParticipationState.REVOKED])
    of_claim = there_is(Participation, Participation.id == Case.participation_id, stands)
    return there_is(Case, Case.entry_id == RosterEntry.id, of_claim)
