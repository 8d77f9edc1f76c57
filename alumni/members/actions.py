"""What members do: write their profile, choose who sees it, block, claim that they took part."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from alumni.accounts import actions as accounts_actions
from alumni.accounts.models import Account
from alumni.core import audit, clock
from alumni.core.db import db, insert_or_ignore, upsert
from alumni.core.errors import DomainError, Invalid, require
from alumni.core.names import sort_key
from alumni.core.text import fold
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.models import (
    Audience,
    Block,
    Listing,
    Member,
    Participation,
    ParticipationRole,
    ParticipationState,
)

READERS = (Audience.GROUPS, Audience.MEMBERS, Audience.PUBLIC)


class ProfileNeeded(DomainError):
    """An account without a name cannot take part yet."""


class AlreadyClaimed(DomainError):
    """One member claims a cohort once."""


class ClaimDecided(DomainError):
    """Somebody has decided this claim, or it was taken back."""


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What a member writes about themselves."""

    name: str
    name_romanised: str = ""
    country: str = ""
    city: str = ""
    headline: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Audiences:
    """Who may see which part of a profile."""

    name: Audience
    place: Audience
    headline: Audience
    contact: Audience


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What a claimant says: where they were, as what, and what would help whoever decides."""

    programme_id: int
    cohort_id: int | None
    country: str
    role: ParticipationRole = ParticipationRole.PARTICIPANT
    name_as_printed: str = ""
    note: str = ""


def refresh_listings(member: Member) -> None:
    """Rewrites what each audience may see of a member. Called in the transaction that changed it."""
    db.session.flush()
    handle = db.session.scalars(sa.select(Account.handle).where(Account.id == member.account_id)).one()
    rows = listing_rows(member, handle)
    for row in rows:
        upsert(Listing, row, key=["account_id", "audience"])
    gone = sa.delete(Listing).where(
        Listing.account_id == member.account_id, Listing.audience.not_in([row["audience"] for row in rows])
    )
    db.session.execute(gone.execution_options(synchronize_session=False))


@lru_cache(maxsize=4096)
def _folded(name: str, name_romanised: str) -> str:
    return "".join(f" {word}" for word in fold(f"{name} {name_romanised}").split())


def listing_rows(member: Member, handle: str) -> list[dict[str, Any]]:
    """What each audience that may see the name may see of a member: rows for `listings`."""

    def shown(text: str, audience: Audience) -> str:
        return text if policy.includes(audience, reader) else ""

    rows: list[dict[str, Any]] = []
    name = {
        "account_id": member.account_id,
        "handle": handle,
        "name": member.name,
        "name_romanised": member.name_romanised,
        "sort_key": sort_key(member.name),
        "name_folded": _folded(member.name, member.name_romanised),
    }
    for reader in READERS:
        if policy.includes(member.name_audience, reader):
            shows = {
                "audience": reader,
                "country": shown(member.country, member.place_audience),
                "city": shown(member.city, member.place_audience),
                "headline": shown(member.headline, member.headline_audience),
                "contact": shown(member.contact, member.contact_audience),
            }
            rows.append({**name, **shows})
    return rows


def save_profile(actor: Viewer, draft: ProfileDraft) -> Member:
    """Writes the actor's own profile; the first time, it makes a member of the account."""
    require(actor.is_authenticated, "owner")
    values = {
        "name": draft.name,
        "name_romanised": draft.name_romanised,
        "country": draft.country,
        "city": draft.city,
        "headline": draft.headline,
        "contact": draft.contact,
        "updated_at": clock.now(),
    }
    insert_or_ignore(Member, {"account_id": actor.id, **values})
    member = db.session.get_one(Member, actor.id, with_for_update=True)
    for name, value in values.items():
        setattr(member, name, value)
    refresh_listings(member)
    return member


def choose_audiences(actor: Viewer, chosen: Audiences) -> Member:
    """Opens or closes parts of the actor's own profile. Contact data is never public."""
    member = _own_profile(actor)
    if chosen.contact == Audience.PUBLIC:
        raise Invalid("contact_audience", "contact-public")
    member.name_audience, member.place_audience = chosen.name, chosen.place
    member.headline_audience, member.contact_audience = chosen.headline, chosen.contact
    member.updated_at = clock.now()
    refresh_listings(member)
    return member


def _own_profile(actor: Viewer) -> Member:
    require(actor.is_authenticated, "owner")
    member = db.session.get(Member, actor.id, with_for_update=True)
    if member is None:
        raise ProfileNeeded
    return member


def block_member(actor: Viewer, account_id: int) -> None:
    """From now on the two do not meet anywhere, and nobody is told. Blocking twice does no harm."""
    require(policy.can_block(actor, account_id), "nobody")
    _own_profile(actor)
    insert_or_ignore(Block, {"blocker_id": actor.id, "blocked_id": account_id})


def unblock_member(actor: Viewer, account_id: int) -> None:
    """Takes back one's own block; that of the other person stays."""
    db.session.execute(sa.delete(Block).where(Block.blocker_id == actor.id, Block.blocked_id == account_id))


def claim_participation(actor: Viewer, draft: ClaimDraft, *, key: str) -> Participation:
    """ "I was there": waits for the desk. The same key of the same member makes one claim.

    What was declined may be claimed again, with other facts; what was revoked may not.
    """
    _own_profile(actor)  # held: two claims of one member come one after the other
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
    participation.name_as_printed, participation.note = draft.name_as_printed, draft.note
    db.session.flush()
    audit.record(actor, "participation.claim-again", f"participation:{participation.key}")
    return participation


def withdraw_claim(actor: Viewer, participation: Participation) -> None:
    """Takes one's own waiting claim back, as if it had never been made."""
    require(policy.can_withdraw(actor, participation), "owner")
    gone = sa.delete(Participation).where(Participation.id == participation.id, Participation.state.in_(policy.WAITING))
    if not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        raise ClaimDecided
    audit.record(actor, "participation.withdraw", f"participation:{participation.key}")


def verify_participation(*, actor: Viewer, participation: Participation, reason: str = "") -> None:
    """The claim is right: the claimant is a verified member from now on."""
    _decide(actor, participation, ParticipationState.VERIFIED, policy.WAITING, reason)


def decline_participation(*, actor: Viewer, participation: Participation, reason: str) -> None:
    _decide(actor, participation, ParticipationState.DECLINED, policy.WAITING, reason)


def revoke_participation(*, actor: Viewer, participation: Participation, reason: str) -> None:
    """A verified participation turned out to be wrong."""
    _decide(actor, participation, ParticipationState.REVOKED, (ParticipationState.VERIFIED,), reason)


def _decide(
    actor: Viewer,
    participation: Participation,
    state: ParticipationState,
    allowed: tuple[ParticipationState, ...],
    reason: str,
) -> None:
    """Moves the state only from where it may move; of two who decide at once, the second is told."""
    require(policy.can_decide_claims(actor), "admin")
    require(policy.can_decide(actor, participation), "another-admin")
    # Held, so that two decisions about one member count each other's participations.
    db.session.get_one(Member, participation.account_id, with_for_update=True)
    move = sa.update(Participation).where(Participation.id == participation.id, Participation.state.in_(allowed))
    decided = {"state": state, "decided_at": clock.now(), "decided_by_id": actor.id, "decision_reason": reason}
    if not db.session.execute(move.values(decided)).rowcount:  # type: ignore[attr-defined]
        raise ClaimDecided
    verified = sa.exists().where(
        Participation.account_id == participation.account_id, Participation.state == ParticipationState.VERIFIED
    )
    is_verified = bool(db.session.scalar(sa.select(verified)))
    accounts_actions.mark_verified(participation.account_id, is_verified=is_verified)
    audit.record(actor, f"participation.{_VERBS[state]}", f"participation:{participation.key}", reason=reason)


_VERBS = {
    ParticipationState.VERIFIED: "verify",
    ParticipationState.DECLINED: "decline",
    ParticipationState.REVOKED: "revoke",
}
