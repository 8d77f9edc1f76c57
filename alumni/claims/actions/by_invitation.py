"""Verified by a personal invitation: whoever follows it and says "yes, that is me" holds what only they were sent."""

from alumni.claims.actions import cases, claims, deciding, disputes
from alumni.claims.models import Basis, Step
from alumni.claims.queries import matching
from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.members import actions as members_actions
from alumni.members import queries as members_queries
from alumni.members.models import Participation, ParticipationState
from alumni.members.policy import WAITING
from alumni.rosters import policy as rosters_policy
from alumni.rosters.models import EntryMark, RosterEntry


def verify_by_invitation(actor: Viewer, entry: RosterEntry, *, key: str) -> Participation:
    """The actor's place in the entry's cohort, verified by it and with its facts.

    Look at the state of what comes back: where somebody else has the entry, its mark says that nobody can be this
    person, or the actor keeps the roster and could read every code, it waits for the desk. Raises ProfileNeeded, and
    AlreadyClaimed for a place that was taken back, or that another entry was claimed by.
    """
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    entry = _kept(entry)
    cases.hold_entry(entry.id)
    db.session.refresh(entry)
    participation = _find_or_claim(actor, entry, key=key)
    if entry.participation_id == participation.id:
        return participation
    if cases.entry_of(participation) is not None:
        raise members_actions.AlreadyClaimed
    case = cases.ensure_case(participation)
    before = case.entry_id
    cases.attach(case, matching.compare(entry, matching.find_facts(participation, case)))
    cases.settle_dispute(before)
    is_free = entry.participation_id is None and entry.mark != EntryMark.DECEASED
    is_appeal = participation.state in WAITING and participation.decided_by_id is not None
    if is_appeal or not is_free or rosters_policy.knows_entry(actor, entry.id):
        claims.ask_to_join(actor, participation)
        disputes.promise_to_look(participation)
    elif participation.state in WAITING:
        deciding.verify(INSTALLATION, participation, basis=Basis.INVITATION)
    else:  # verified before its roster was here
        deciding.link_verified(participation, entry.id)
    return participation


def _kept(entry: RosterEntry) -> RosterEntry:
    """The entry that a duplicate stands for, if it is of the same cohort."""
    if entry.duplicate_of_id is None:
        return entry
    kept = db.session.get_one(RosterEntry, entry.duplicate_of_id)
    return kept if kept.cohort_id == entry.cohort_id else entry


def _find_or_claim(actor: Viewer, entry: RosterEntry, *, key: str) -> Participation:
    known = db.session.scalar(members_queries.own_participation_in(actor, entry.cohort_id))
    if known is not None and known.state not in (ParticipationState.DECLINED, ParticipationState.REVOKED):
        return known
    draft = members_actions.ClaimDraft(
        programme_id=entry.programme_id,
        cohort_id=entry.cohort_id,
        country=entry.country,
        role=entry.role,
        host_town=entry.host_town,
        name_as_printed=entry.name_printed,
    )
    participation = members_actions.claim_participation(actor, draft, key=key)
    cases.write_step(participation, Step.CLAIMED, by=actor)
    return participation
