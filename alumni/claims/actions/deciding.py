"""What a decision brings about: standing, the cohort's group, the entry of the roster, the letter."""

import sqlalchemy as sa

from alumni.claims import notices, queries
from alumni.claims.actions import cases
from alumni.claims.models import Basis, Case, Step
from alumni.core import jobs
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.groups import actions as groups_actions
from alumni.members import actions as members_actions
from alumni.members import policy as members_policy
from alumni.members.models import Participation, ParticipationState
from alumni.programmes.models import Cohort, Programme
from alumni.rosters.actions import matching as rosters_actions
from alumni.rosters.models import RosterEntry

DROP_VOUCHES = "drop vouches"  # the kind of the job


class EntryClaimed(DomainError):
    """Another participation has this entry of the roster. Only an explicit decision takes it from them."""


class NotExact(DomainError):
    """In one go goes what agrees in all points; this has to be looked at."""


def approve_claim(actor: Viewer, participation: Participation, *, reason: str = "") -> None:
    """The claimant was there, as the actor has found. Raises CaseTaken, ClaimDecided, EntryClaimed."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    cases.hold_case(actor, participation)
    verify(actor, participation, basis=Basis.DESK, reason=reason)


def approve_exact_claim(actor: Viewer, participation: Participation) -> None:
    """The same for one of many: only where everything agrees, and nobody else says that it is theirs."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = cases.hold_case(actor, participation)
    if not case.is_exact or case.is_disputed:
        raise NotExact
    verify(actor, participation, basis=Basis.DESK)


def replace_holder(actor: Viewer, participation: Participation, *, reason: str) -> None:
    """The second to claim an entry is the right one: the first loses it, and both are told."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = cases.hold_case(actor, participation)
    cases.hold_claim(participation)
    holder = db.session.scalar(queries.holder_of(case.entry_id))
    if holder is not None and holder.id != participation.id:
        revoke_claim(actor, holder, reason=reason)
    verify(actor, participation, basis=Basis.DESK, reason=reason)


def verify(actor: Viewer, participation: Participation, *, basis: Basis, reason: str = "") -> None:
    """Verified, tied to its entry, in the group, told. What can stand in the way is asked before anything is written.

    By the installation where the rules say so; by a reviewer through `approve_claim`.
    """
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    cases.hold_claim(participation)
    case = cases.ensure_case(participation)
    entry_id = case.entry_id
    if entry_id is not None and participation.cohort_id is None:
        entry = db.session.get_one(RosterEntry, entry_id)
        members_actions.place_participation(
            actor=actor, participation=participation, programme_id=entry.programme_id, cohort_id=entry.cohort_id
        )
    if entry_id is not None and not rosters_actions.link_entry(entry_id, participation.id):
        raise EntryClaimed
    members_actions.verify_participation(actor=actor, participation=participation, reason=reason)
    group = groups_actions.admit_to_cohort_group(actor=actor, participation=participation)
    groups_actions.follow_rules_of(participation.account_id)
    cases.close_case(participation).basis = basis
    cases.write_step(participation, Step.VERIFIED, by=actor, words=reason)
    notices.tell_claimant_of_verification(participation, title_of(participation), group)
    cases.settle_dispute(entry_id)


def link_verified(participation: Participation, entry_id: int) -> None:
    """Ties a participation that was verified before to the entry that its member holds the invitation of."""
    require(participation.state == ParticipationState.VERIFIED, "officer")
    if not rosters_actions.link_entry(entry_id, participation.id):
        raise EntryClaimed
    cases.settle_dispute(entry_id)


def decline_claim(actor: Viewer, participation: Participation, *, reason: str) -> None:
    """The claim cannot be verified: the claimant hears why, and no longer waits at the group."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    cases.hold_case(actor, participation)
    members_actions.decline_participation(actor=actor, participation=participation, reason=reason)
    groups_actions.dismiss_from_cohort_group(actor=actor, participation=participation)
    case = cases.close_case(participation)
    cases.write_step(participation, Step.DECLINED, by=actor, words=reason)
    notices.tell_claimant_of_refusal(participation, title_of(participation), reason)
    cases.settle_dispute(case.entry_id)


def revoke_claim(actor: Viewer, participation: Participation, *, reason: str) -> None:
    """A verified participation was wrong: it counts no longer, the group is left, the entry is free again."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    cases.hold_case(actor, participation)
    members_actions.revoke_participation(actor=actor, participation=participation, reason=reason)
    _undo_verification(actor, participation)
    case = cases.close_case(participation)
    cases.write_step(participation, Step.REVOKED, by=actor, words=reason)
    notices.tell_member_of_revocation(participation, title_of(participation), reason)
    cases.settle_dispute(case.entry_id)


def reopen_claim(participation: Participation, *, reason: str) -> None:
    """What it was verified by does not hold any more: it waits again, and the member hears why."""
    require(members_policy.can_decide(INSTALLATION, participation), "officer")
    members_actions.reopen_participation(actor=INSTALLATION, participation=participation, reason=reason)
    _undo_verification(INSTALLATION, participation)
    cases.delete_evidence_after(participation, None)
    cases.write_step(participation, Step.REOPENED, words=reason)
    notices.tell_member_of_reopening(participation, title_of(participation), reason)


def _undo_verification(actor: Viewer, participation: Participation) -> None:
    """Whoever was vouched for by this member is looked at again as well, by a job."""
    jobs.enqueue(DROP_VOUCHES, participation=participation.id)
    groups_actions.dismiss_from_cohort_group(actor=actor, participation=participation)
    groups_actions.follow_rules_of(participation.account_id)
    rosters_actions.unlink_entry(participation.id)
    by_nothing = sa.update(Case).where(Case.participation_id == participation.id).values(basis=None)
    db.session.execute(by_nothing)


def title_of(participation: Participation) -> str:
    """What the claimant calls it: the cohort, or the programme where none was named."""
    if participation.cohort_id:
        return db.session.get_one(Cohort, participation.cohort_id).title
    return db.session.get_one(Programme, participation.programme_id).name
