"""Making a claim, correcting it, and taking it back.

A claim that waits has made the same statements, whether its claimant is on a roster, somebody else has the entry, or
a fact was wrong: neither words nor time tell a stranger who was there.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from alumni.claims import queries
from alumni.claims.actions import cases, deciding, disputes, evidence, vouching
from alumni.claims.models import Basis, Case, Step
from alumni.claims.queries import matching
from alumni.core import clock, limits
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, TooMany, require
from alumni.core.places import COUNTRIES
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.groups import actions as groups_actions
from alumni.groups import policy as groups_policy
from alumni.members import actions as members_actions
from alumni.members import policy as members_policy
from alumni.members.models import Participation, ParticipationRole, Standing
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Cohort, Programme
from alumni.rosters import policy as rosters_policy
from alumni.rosters.models import RosterEntry

PAUSE = timedelta(days=1)


class ClaimsPaused(TooMany):
    """Three times something was named that proved nothing. What waits is looked at all the same."""


class CaseInHand(DomainError):
    """Somebody at the desk looks at it just now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of themselves; programme and cohort by their slugs, an empty cohort being none of ours."""

    programme: str
    cohort: str
    country: str
    role: ParticipationRole
    name_as_printed: str
    note: str
    standing: Standing = Standing.GRADUATE
    host_town: str = ""
    # One more fact by which the roster may know them.
    number: str = ""
    born_on: str = ""
    institution: str = ""

    @property
    def names_facts(self) -> bool:
        """Whether it says something that could be guessed. A town in Japan is what everybody tells of themselves."""
        return bool(self.number or self.born_on or self.institution)


@dataclass(frozen=True, slots=True)
class Correction:
    """What can be said otherwise of a claim that waits. Another programme, country or cohort is another claim."""

    role: ParticipationRole
    standing: Standing
    name_as_printed: str
    note: str
    host_town: str = ""
    number: str = ""
    born_on: str = ""
    institution: str = ""


def claim_place(actor: Viewer, claim: Claim, *, key: str) -> Participation:
    """Verified at once by what only the person on the roster has; otherwise it waits for the desk.

    Raises Invalid("programme" | "country" | "cohort") for what is not in the catalogue, and ClaimsPaused.
    """
    draft = _draft(claim)
    participation = members_actions.claim_participation(actor, draft, key=key)
    known = db.session.get(Case, participation.id)
    if participation.key == key and known is not None:
        return participation  # the same form, sent twice
    if claim.names_facts:
        _count_try(actor)
    case = cases.ensure_case(participation)
    case.number, case.born_on, case.institution = claim.number, claim.born_on or None, claim.institution
    proof = _compare(actor, participation, case)
    cases.write_step(participation, Step.CLAIMED, by=actor)
    cases.delete_evidence_after(participation, None)
    ask_to_join(actor, participation)
    if _is_verified(participation, proof):
        limits.forget("facts of a claim", account=actor.id)
    else:
        disputes.promise_to_look(participation)
    return participation


def correct_claim(actor: Viewer, participation: Participation, said: Correction) -> None:
    """The claimant says it otherwise while it waits, and it is compared anew, as if it had been claimed so.

    Whoever vouched for somebody by another name, or in another role, is asked once more. Raises ClaimDecided,
    CaseInHand, ClaimsPaused.
    """
    require(members_policy.can_answer(actor, participation), "owner")
    case = cases.ensure_case(participation)
    _hold_free(participation, case)
    before = case.entry_id
    facts = (said.number, said.born_on, said.institution)
    if any(facts) and (*facts, said.name_as_printed) != (*_facts_of(case), participation.name_as_printed):
        _count_try(actor)
    is_another = (said.name_as_printed, said.role) != (participation.name_as_printed, participation.role)
    draft = members_actions.ClaimDraft(
        programme_id=participation.programme_id,
        cohort_id=participation.cohort_id,
        country=participation.country,
        role=said.role,
        standing=said.standing,
        host_town=said.host_town,
        name_as_printed=said.name_as_printed,
        note=said.note,
    )
    members_actions.correct_participation(actor=actor, participation=participation, draft=draft)
    case.number, case.born_on, case.institution = said.number, said.born_on or None, said.institution
    if is_another:
        vouching.ask_again(participation, case)
    proof = _compare(actor, participation, case)
    cases.write_step(participation, Step.CORRECTED, by=actor)
    # What somebody has decided, and is asked to look at again, is for somebody to decide.
    if participation.decided_by_id is None and _is_verified(participation, proof):
        limits.forget("facts of a claim", account=actor.id)
    disputes.promise_to_look(participation, before=before)


def _hold_free(participation: Participation, case: Case) -> None:
    """Nobody at the desk looks at it, or begins to, before this transaction ends: what they see is what they decide."""
    db.session.execute(sa.select(RosterEntry.id).where(RosterEntry.id == (case.entry_id or 0)).with_for_update())
    is_free = sa.or_(Case.taken_by_id.is_(None), Case.taken_until <= clock.now())
    hold = sa.update(Case).where(Case.participation_id == participation.id, is_free)
    if not db.session.execute(hold.values(taken_by_id=None, taken_until=None)).rowcount:  # type: ignore[attr-defined]
        raise CaseInHand
    cases.hold_claim(participation)
    db.session.refresh(case)


def _facts_of(case: Case) -> tuple[str, str, str]:
    return case.number, case.born_on or "", case.institution


def _count_try(actor: Viewer) -> None:
    try:
        limits.count("facts of a claim", account=actor.id)
    except TooMany as error:
        raise ClaimsPaused(error.retry_after_s) from error


def _compare(actor: Viewer, participation: Participation, case: Case) -> Basis | None:
    """Writes the entry that it may be into the case. Returns what proves it, and holds the entry where it does."""
    match = matching.find_match(participation, matching.find_facts(participation, case))
    proof = match.proof if match.entry is not None and match.entry.participation_id is None else None
    if proof is not None and rosters_policy.knows_entry(actor, match.entry.id):
        proof = None
    if proof is not None:
        cases.hold_entry(match.entry.id)
    cases.attach(case, match)
    return proof


def _is_verified(participation: Participation, proof: Basis | None) -> bool:
    if proof is None:
        return False
    try:
        deciding.verify(INSTALLATION, participation, basis=proof)
    except deciding.EntryClaimed:  # in this very moment, by somebody else
        return False
    return True


def _draft(claim: Claim) -> members_actions.ClaimDraft:
    programme = programmes_queries.find_programme(claim.programme)
    if programme is None:
        raise Invalid("programme", "unknown")
    if claim.country not in COUNTRIES:
        raise Invalid("country", "unknown")
    cohort = _cohort_of(programme, claim)
    return members_actions.ClaimDraft(
        programme_id=cohort.programme_id if cohort else programme.id,
        cohort_id=cohort.id if cohort else None,
        country=claim.country,
        role=claim.role,
        standing=claim.standing,
        host_town=claim.host_town,
        name_as_printed=claim.name_as_printed,
        note=claim.note,
    )


def _cohort_of(programme: Programme, claim: Claim) -> Cohort | None:
    """The cohort that was named, if it is one of those that the claimant could choose from."""
    if not claim.cohort:
        return None
    for row in queries.cohorts_to_choose(programme, claim.country):
        if row.slug == claim.cohort:
            return db.session.get_one(Cohort, row.id)
    raise Invalid("cohort", "unknown")


def ask_to_join(actor: Viewer, participation: Participation) -> None:
    """Whoever claims a cohort asks to be let into its group, unless they were removed from it."""
    require(members_policy.can_answer(actor, participation), "owner")
    group = queries.find_group(participation.cohort_id)
    if group is not None and not queries.was_removed(group, actor.id) and groups_policy.can_join(actor, group):
        groups_actions.join_group(actor=actor, group=group)


def withdraw_claim(actor: Viewer, participation: Participation) -> None:
    """Takes back a waiting claim, what was sent with it, and the request to its group."""
    require(members_policy.can_withdraw(actor, participation), "owner")
    group, account_id = queries.find_group(participation.cohort_id), participation.account_id
    entry_id = cases.ensure_case(participation).entry_id
    evidence.promise_to_forget(participation)
    members_actions.withdraw_claim(actor, participation)
    disputes.promise_to_look(participation, before=entry_id)
    if group is not None and queries.is_waiting_in(group, account_id):
        groups_actions.leave_group(actor=actor, group=group)
