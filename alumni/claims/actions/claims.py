"""Claims and the desk: what a claim and a decision bring about in the rooms below."""

from dataclasses import dataclass

import sqlalchemy as sa

from alumni.accounts.models import Account
from alumni.claims import notices, queries
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.places import COUNTRIES
from alumni.core.viewer import INSTALLATION, Viewer
from alumni.groups import actions as groups_actions
from alumni.groups import policy as groups_policy
from alumni.members import actions as members_actions
from alumni.members import policy as members_policy
from alumni.members.models import Participation, ParticipationRole, Standing
from alumni.programmes import queries as programmes_queries
from alumni.programmes.models import Cohort, Programme


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


def claim_place(actor: Viewer, claim: Claim, *, key: str) -> Participation:
    """Makes a claim that waits for the desk, and asks to join the group of its cohort.

    Raises Invalid("programme" | "country" | "cohort") for what is not in the catalogue.
    """
    programme = programmes_queries.find_programme(claim.programme)
    if programme is None:
        raise Invalid("programme", "unknown")
    if claim.country not in COUNTRIES:
        raise Invalid("country", "unknown")
    cohort = _cohort_of(programme, claim)
    draft = members_actions.ClaimDraft(
        programme_id=cohort.programme_id if cohort else programme.id,
        cohort_id=cohort.id if cohort else None,
        country=claim.country,
        role=claim.role,
        standing=claim.standing,
        host_town=claim.host_town,
        name_as_printed=claim.name_as_printed,
        note=claim.note,
    )
    participation = members_actions.claim_participation(actor, draft, key=key)
    group = queries.find_group(participation.cohort_id)
    if group is not None and not queries.was_removed(group, actor.id) and groups_policy.can_join(actor, group):
        groups_actions.join_group(actor=actor, group=group)
    return participation


def _cohort_of(programme: Programme, claim: Claim) -> Cohort | None:
    """The cohort that was named, if it is one of those that the claimant could choose from."""
    if not claim.cohort:
        return None
    for row in queries.cohorts_to_choose(programme, claim.country):
        if row.slug == claim.cohort:
            return db.session.get_one(Cohort, row.id)
    raise Invalid("cohort", "unknown")


def withdraw_claim(actor: Viewer, participation: Participation) -> None:
    """Takes back a waiting claim and the request to its group."""
    group, account_id = queries.find_group(participation.cohort_id), participation.account_id
    members_actions.withdraw_claim(actor, participation)
    if group is not None and queries.is_waiting_in(group, account_id):
        groups_actions.leave_group(actor=actor, group=group)


def approve_claim(actor: Viewer, participation: Participation, *, reason: str) -> None:
    """The claimant was there: a verified member, in the group, and told so."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    members_actions.verify_participation(actor=actor, participation=participation, reason=reason)
    group = groups_actions.admit_to_cohort_group(actor=actor, participation=participation)
    notices.tell_claimant_of_verification(participation, _title(participation), group)


def decline_claim(actor: Viewer, participation: Participation, *, reason: str) -> None:
    """The claim cannot be verified: the claimant hears why, and no longer waits at the group."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    members_actions.decline_participation(actor=actor, participation=participation, reason=reason)
    group = queries.find_group(participation.cohort_id)
    if group is not None and queries.is_waiting_in(group, participation.account_id):
        groups_actions.decline_member(actor=INSTALLATION, group=group, handle=_handle(participation), reason=reason)
    notices.tell_claimant_of_refusal(participation, _title(participation), reason)


def revoke_claim(actor: Viewer, participation: Participation, *, reason: str) -> None:
    """A verified participation was wrong: it counts no longer, and the cohort's group is left."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    members_actions.revoke_participation(actor=actor, participation=participation, reason=reason)
    group = queries.find_group(participation.cohort_id)
    if group is not None and queries.is_active_in(group, participation.account_id):
        handle = _handle(participation)
        groups_actions.remove_member(actor=INSTALLATION, group=group, handle=handle, reason=reason, may_be_last=True)
    notices.tell_member_of_revocation(participation, _title(participation), reason)


def _handle(participation: Participation) -> str:
    return db.session.scalars(sa.select(Account.handle).where(Account.id == participation.account_id)).one()


def _title(participation: Participation) -> str:
    """What the claimant calls it: the cohort, or the programme where none was named."""
    if participation.cohort_id:
        return db.session.get_one(Cohort, participation.cohort_id).title
    return db.session.get_one(Programme, participation.programme_id).name
