"""Inviting people on a roster: by a letter with a personal link, or by a code on paper; and what becomes of it.

No secret lies in the database. It is derived from the key of the entry, how often it was invited, and the secret key
of the installation; the table keeps its digest. A letter that is tried again therefore has the same link.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from alumni.core import audit, clock, limits
from alumni.core.db import db
from alumni.core.errors import DomainError, require
from alumni.core.tokens import digest, new_secret
from alumni.core.viewer import GUEST, Viewer
from alumni.rosters import notices, policy, queries
from alumni.rosters.actions.entries import mark_same_people
from alumni.rosters.models import EntryMark, EntryState, Invitation, InvitationState, RosterEntry

INVITE = notices.INVITE
LETTER_LIFE = timedelta(days=60)
PAPER_LIFE = timedelta(days=180)
LETTERS_A_DAY = 500  # of one officer
LETTERS_A_DAY_OF_ALL = 2000
MOST_CODES = 500  # made at a time

CodeOf = Callable[[str, int], str]  # the code of an entry's key and of how often it was invited


class InvitationNotValid(DomainError):
    """Unknown, too old, used or replaced: whoever holds it hears the same."""

    status = 410


class LettersUsedUp(DomainError):
    """As many invitations as a day allows are on their way."""


class NotInvitable(DomainError):
    """This entry gets no letter: it is claimed, marked, listed twice, has no address, or was written to lately."""


class NothingCameBack(DomainError):
    """There is no letter under way to this entry."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many letters are promised, and how many wait for another day."""

    letters: int
    left: int


def invite_roster(actor: Viewer, cohort: Any, *, again: bool = False) -> Sent:
    """Letters to those of a cohort who have an address and were not invited; `again`: and to those silent since.

    Raises LettersUsedUp.
    """
    require(policy.can_see_rosters(actor), "officer")
    allowed = _hold_allowance(actor)
    kinds = queries.LETTERS if again else queries.LETTERS[:1]
    ready = queries.count_ready(actor, cohort.id)
    wanted = sum(ready.get(kind, 0) for kind in kinds)
    if wanted and not allowed:
        raise LettersUsedUp
    for entry, earlier in db.session.execute(queries.entries_to_invite(actor, cohort.id, kinds).limit(allowed)).all():
        _write_to(actor, entry, earlier)
    sent = min(wanted, allowed)
    if sent:
        audit.record(actor, "roster.invite", f"cohort:{cohort.slug}", rows=sent, left=wanted - sent)
    return Sent(sent, wanted - sent)


def invite_entry(actor: Viewer, entry: RosterEntry) -> None:
    """One letter. Raises NotInvitable and LettersUsedUp."""
    require(policy.can_keep(actor, entry), "officer")
    if not _hold_allowance(actor):
        raise LettersUsedUp
    if queries.find_readiness(entry.id) not in queries.LETTERS:
        raise NotInvitable
    _write_to(actor, entry, db.session.get(Invitation, entry.id))
    audit.record(actor, "roster.invite", f"entry:{entry.key}", rows=1)


def _hold_allowance(actor: Viewer) -> int:
    """How many letters may still go today. The row that counts these runs is held: one run comes after the other."""
    limits.count("letters to rosters", everybody="")
    of_all = LETTERS_A_DAY_OF_ALL - queries.count_letters()
    return max(0, min(of_all, LETTERS_A_DAY - queries.count_letters(by=actor.id)))


def _write_to(actor: Viewer, entry: RosterEntry, earlier: Invitation | None) -> None:
    """Until the letter is written no link opens it, and the earlier one opens it no longer."""
    invitation = _renew(actor, entry, earlier, lasts=LETTER_LIFE)
    invitation.state, invitation.email = InvitationState.PROMISED, entry.email
    invitation.digest = digest(new_secret())
    db.session.flush()
    notices.invite_by_mail(invitation)


def _renew(actor: Viewer, entry: RosterEntry, earlier: Invitation | None, *, lasts: timedelta) -> Invitation:
    now = clock.now()
    invitation = earlier or Invitation(entry_id=entry.id, times=0)
    if earlier is None:
        db.session.add(invitation)
    invitation.times += 1
    invitation.invited_by_id, invitation.sent_at, invitation.expires_at = actor.id, now, now + lasts
    invitation.opened_at = None
    if entry.state == EntryState.UNCLAIMED:
        entry.state = EntryState.INVITED
    return invitation


def print_codes(actor: Viewer, cohort: Any, code_of: CodeOf) -> int:
    """Codes for those of a cohort whom no letter reaches. Those who have one that still opens keep it."""
    require(policy.can_see_rosters(actor), "officer")
    limits.count("letters to rosters", everybody="")
    select = queries.entries_to_invite(actor, cohort.id, queries.ON_PAPER).limit(MOST_CODES)
    rows = db.session.execute(select).all()
    for entry, earlier in rows:
        invitation = _renew(actor, entry, earlier, lasts=PAPER_LIFE)
        invitation.state, invitation.email = InvitationState.PRINTED, ""
        invitation.digest = digest_of_code(code_of(entry.key, invitation.times))
        while _is_taken(invitation):  # two people drew the same ten letters
            invitation.times += 1
            invitation.digest = digest_of_code(code_of(entry.key, invitation.times))
        db.session.flush()
    if rows:
        audit.record(actor, "roster.print-codes", f"cohort:{cohort.slug}", rows=len(rows))
    return len(rows)


def _is_taken(invitation: Invitation) -> bool:
    with db.session.no_autoflush:
        same = sa.exists().where(Invitation.digest == invitation.digest, Invitation.entry_id != invitation.entry_id)
        return bool(db.session.scalar(sa.select(same)))


def digest_of_code(code: str) -> bytes:
    """Apart from those of links, so that no code is tried as an address, where nobody counts the tries."""
    return digest(f"on paper {code}")


def begin_letter(entry_id: int, times: int) -> tuple[RosterEntry, Invitation] | None:
    """The entry to write to; None when the world has changed since the letter was promised."""
    invitation = db.session.get(Invitation, entry_id, populate_existing=True)
    if invitation is None or invitation.times != times or invitation.state != InvitationState.PROMISED:
        return None
    entry = db.session.get_one(RosterEntry, entry_id, populate_existing=True)
    is_wanted = entry.mark is None and entry.duplicate_of_id is None and entry.state != EntryState.CLAIMED
    return (entry, invitation) if is_wanted else None


def note_letter(entry_id: int, times: int, *, came_back: bool = False) -> None:
    """The letter was handed over, or refused for good."""
    state = InvitationState.BOUNCED if came_back else InvitationState.SENT
    promised = sa.update(Invitation).where(
        Invitation.entry_id == entry_id,
        Invitation.times == times,
        Invitation.state == InvitationState.PROMISED,
    )
    db.session.execute(promised.values(state=state).execution_options(synchronize_session=False))


def note_bounce(actor: Viewer, entry: RosterEntry) -> None:
    """The letter came back: the address is not written to again until a list brings another. Raises NothingCameBack."""
    require(policy.can_keep(actor, entry), "officer")
    under_way = sa.update(Invitation).where(
        Invitation.entry_id == entry.id,
        Invitation.email != "",
        Invitation.state.in_([InvitationState.PROMISED, InvitationState.SENT]),
    )
    bounced = under_way.values(state=InvitationState.BOUNCED).execution_options(synchronize_session=False)
    if not db.session.execute(bounced).rowcount:  # type: ignore[attr-defined]
        raise NothingCameBack
    audit.record(actor, "invitation.bounce", f"entry:{entry.key}")


def hold_invitation(secret: bytes) -> tuple[Invitation, RosterEntry]:
    """The invitation of a digest, for whoever proves it by its secret. Raises InvitationNotValid."""
    invitation = db.session.scalar(sa.select(Invitation).where(policy.opened_by(secret)).with_for_update())
    if invitation is None:
        raise InvitationNotValid
    return invitation, db.session.get_one(RosterEntry, invitation.entry_id)


def press_on(secret: bytes) -> None:
    """Its holder has read it and goes on. A program that follows links does not press."""
    invitation, _ = hold_invitation(secret)
    invitation.state = InvitationState.OPENED
    invitation.opened_at = invitation.opened_at or clock.now()


def decline_invitation(secret: bytes) -> None:
    """ "That is not me", or "do not write again": nobody does, by any roster."""
    invitation, entry = hold_invitation(secret)
    invitation.state = InvitationState.DECLINED
    if entry.mark is None:
        mark_same_people(entry, EntryMark.DO_NOT_CONTACT)
    audit.record(GUEST, "invitation.decline", f"entry:{entry.key}")


def use_invitation(invitation: Invitation) -> None:
    """Its holder has claimed the entry: it opens nothing any more. The door above verifies."""
    invitation.state = InvitationState.CLAIMED
    invitation.opened_at = invitation.opened_at or clock.now()
