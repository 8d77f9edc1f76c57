"""Claims of having taken part, and what is decided about them."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.core import audit, clock
from alumni.core.db import db
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.actions.listings import refresh_listings
from alumni.members.actions.profile import own_profile
from alumni.members.models import Member, Participation, ParticipationRole, ParticipationState, Standing


class AlreadyClaimed(DomainError):
    """One member claims a cohort once."""


class CohortClaimed(DomainError):
    """The same person claims this cohort by itself."""


class ClaimDecided(DomainError):
    """Somebody has decided this claim, or it was taken back."""


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What a claimant says: where they were, as what, and what would help whoever decides."""

    programme_id: int
    cohort_id: int | None
    country: str
    role: ParticipationRole = ParticipationRole.PARTICIPANT
    standing: Standing = Standing.GRADUATE
    host_town: str = ""
    name_as_printed: str = ""
    note: str = ""


def claim_participation(actor: Viewer, draft: ClaimDraft, *, key: str) -> Participation:
    """ "I was there": waits for the desk. The same key of the same member makes one claim.

    What was declined may be claimed again, with other facts; what was revoked may not.
    """
    own_profile(actor)  # held: two claims of one member come one after the other
    known = db.session.scalar(sa.select(Participation).where(Participation.key == key))
    if known is not None:
        if known.account_id != actor.id:
            raise Invalid("once", "taken")
        return known
    same = sa.and_(
        Participation.account_id == actor.id,
        Participation.programme_id == draft.programme_id,
        Participation.cohort_id == draft.cohort_id,
    )
    earlier = db.session.scalar(sa.select(Participation).where(same).execution_options(populate_existing=True))
    if earlier is not None:
        return _claim_again(actor, earlier, draft)
    participation = Participation(
        key=key,
        account_id=actor.id,
        programme_id=draft.programme_id,
        cohort_id=draft.cohort_id,
        country=draft.country,
        role=draft.role,
        standing=draft.standing,
        host_town=draft.host_town,
        name_as_printed=draft.name_as_printed,
        note=draft.note,
    )
    db.session.add(participation)
    db.session.flush()
    return participation


def _claim_again(actor: Viewer, participation: Participation, draft: ClaimDraft) -> Participation:
    """A declined claim waits once more. The row of the member is held."""
    if participation.state != ParticipationState.DECLINED:
        raise AlreadyClaimed
    participation.state, participation.claimed_at = ParticipationState.CLAIMED, clock.now()
    participation.decided_at = participation.decided_by_id = None
    participation.decision_reason = ""
    participation.country, participation.role = draft.country, draft.role
    participation.standing, participation.host_town = draft.standing, draft.host_town
    participation.name_as_printed, participation.note = draft.name_as_printed, draft.note
    db.session.flush()
    audit.record(actor, "participation.claim-again", f"participation:{participation.key}")
    return participation


def withdraw_claim(actor: Viewer, participation: Participation) -> None:
    """Takes one's own waiting claim back, as if it had never been made. What waits once more was decided: it stays."""
    require(policy.can_withdraw(actor, participation), "owner")
    gone = sa.delete(Participation).where(
        Participation.id == participation.id,
        Participation.state.in_(policy.WAITING),
        Participation.decided_by_id.is_(None),
        Participation.decision_reason == "",
    )
    if not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        raise ClaimDecided
    audit.record(actor, "participation.withdraw", f"participation:{participation.key}")


def correct_participation(*, actor: Viewer, participation: Participation, draft: ClaimDraft) -> None:
    """What the claimant says of it while it waits. Another programme, cohort or country is another claim."""
    require(policy.can_answer(actor, participation), "owner")
    names = ("role", "standing", "host_town", "name_as_printed", "note")
    _move(participation, policy.WAITING, {name: getattr(draft, name) for name in names})
    audit.record(actor, "participation.correct", f"participation:{participation.key}")


def place_participation(*, actor: Viewer, participation: Participation, programme_id: int, cohort_id: int) -> None:
    """A claim without a cohort turns out to be of this one. The row of the member is held. Raises CohortClaimed."""
    require(policy.can_decide(actor, participation), policy.who_decides(actor, participation))
    same = sa.exists().where(
        Participation.account_id == participation.account_id,
        Participation.cohort_id == cohort_id,
        Participation.id != participation.id,
    )
    if db.session.scalar(sa.select(same)):
        raise CohortClaimed
    _move(participation, policy.WAITING, {"programme_id": programme_id, "cohort_id": cohort_id})


def verify_participation(*, actor: Viewer, participation: Participation, reason: str = "") -> None:
    """The claim is right: the claimant is a verified member from now on."""
    _decide(actor, participation, ParticipationState.VERIFIED, policy.WAITING, reason)


def decline_participation(*, actor: Viewer, participation: Participation, reason: str) -> None:
    _decide(actor, participation, ParticipationState.DECLINED, policy.WAITING, reason)


def revoke_participation(*, actor: Viewer, participation: Participation, reason: str) -> None:
    """A verified participation turned out to be wrong."""
    _decide(actor, participation, ParticipationState.REVOKED, (ParticipationState.VERIFIED,), reason)


def ask_participation(*, actor: Viewer, participation: Participation) -> None:
    """Whoever decides needs to know more. Asking again is another question."""
    require(policy.can_decide(actor, participation), policy.who_decides(actor, participation))
    _move(participation, policy.WAITING, {"state": ParticipationState.ASKED})
    audit.record(actor, "participation.ask", f"participation:{participation.key}")


def answer_participation(*, actor: Viewer, participation: Participation) -> None:
    """The claimant has answered, and waits again."""
    require(policy.can_answer(actor, participation), "owner")
    _move(participation, (ParticipationState.ASKED,), {"state": ParticipationState.CLAIMED})


def appeal_participation(*, actor: Viewer, participation: Participation) -> None:
    """The claimant asks for another look. Who decided stays written down: it is for somebody else now."""
    require(policy.can_answer(actor, participation), "owner")
    decided = (ParticipationState.DECLINED, ParticipationState.REVOKED)
    _move(participation, decided, {"state": ParticipationState.CLAIMED, "claimed_at": clock.now(), "decided_at": None})
    audit.record(actor, "participation.appeal", f"participation:{participation.key}")


def reopen_participation(*, actor: Viewer, participation: Participation, reason: str) -> None:
    """What a verified participation rested on is gone: it waits again, and counts no longer."""
    _decide(actor, participation, ParticipationState.CLAIMED, (ParticipationState.VERIFIED,), reason)


def _decide(
    actor: Viewer,
    participation: Participation,
    state: ParticipationState,
    allowed: tuple[ParticipationState, ...],
    reason: str,
) -> None:
    """Moves the state only from where it may move; of two who decide at once, the second is told."""
    require(policy.can_decide(actor, participation), policy.who_decides(actor, participation))
    # Held, so that two decisions about one member count each other's participations.
    member = db.session.get_one(Member, participation.account_id, with_for_update=True)
    decided = {"state": state, "decided_at": clock.now(), "decided_by_id": actor.id or None, "decision_reason": reason}
    if state == ParticipationState.CLAIMED:
        decided |= {"decided_at": None, "decided_by_id": None}
    _move(participation, allowed, decided)
    verified = sa.exists().where(Participation.account_id == participation.account_id, policy.counts())
    is_verified = bool(db.session.scalar(sa.select(verified)))
    accounts_actions.mark_verified(participation.account_id, is_verified=is_verified)
    refresh_listings(member)
    audit.record(actor, f"participation.{_VERBS[state]}", f"participation:{participation.key}", reason=reason)


def _move(participation: Participation, allowed: tuple[ParticipationState, ...], values: dict[str, Any]) -> None:
    move = sa.update(Participation).where(Participation.id == participation.id, Participation.state.in_(allowed))
    if not db.session.execute(move.values(values)).rowcount:  # type: ignore[attr-defined]
        raise ClaimDecided


_VERBS = {
    ParticipationState.VERIFIED: "verify",
    ParticipationState.DECLINED: "decline",
    ParticipationState.REVOKED: "revoke",
    ParticipationState.CLAIMED: "reopen",
}
