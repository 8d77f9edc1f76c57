"""Who sees and keeps the rosters: officers within their mandate, and admins, every look logged."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from alumni.core.db import db, there_is
from alumni.core.ready import from_now
from alumni.core.viewer import Viewer
from alumni.members.models import Participation
from alumni.officers import policy as officers_policy
from alumni.rosters.models import EntryMark, Invitation, InvitationState, RosterEntry

# What a personal link opens for. A letter that came back may have come back by mistake.
OPEN = (
    *(InvitationState.PROMISED, InvitationState.SENT, InvitationState.PRINTED),
    *(InvitationState.BOUNCED, InvitationState.OPENED),
)


def entry_visible_to(viewer: Viewer, entry: Any = RosterEntry) -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: it is in the viewer's scope. Nobody else ever reads one, not even whose it is."""
    if viewer.is_admin and not viewer.is_suspended:
        return sa.true()
    return officers_policy.in_scope(viewer, programme_id=entry.programme_id, country=entry.country)


def knows_entry(viewer: Viewer, entry_id: int) -> bool:
    """Whether the viewer keeps this entry, or did in a term that is over: to know it proves nothing of them."""
    if viewer.is_admin:
        return True
    in_scope = officers_policy.was_in_scope(viewer, programme_id=RosterEntry.programme_id, country=RosterEntry.country)
    rule = there_is(RosterEntry, RosterEntry.id == entry_id, in_scope)
    return bool(db.session.scalar(sa.select(sa.true()).where(rule)))


def can_keep(viewer: Viewer, entry: RosterEntry) -> bool:
    """Mark it, invite whose it is, say who is whom."""
    rule = there_is(RosterEntry, RosterEntry.id == entry.id, entry_visible_to(viewer))
    return bool(db.session.scalar(sa.select(sa.true()).where(rule)))


def opened_by(digest: bytes) -> sa.ColumnElement[bool]:
    """Clause on Invitation: whoever holds the secret of this digest may answer it today."""
    return sa.and_(Invitation.digest == digest, Invitation.state.in_(OPEN), Invitation.expires_at > from_now())


def can_see_rosters(viewer: Viewer) -> bool:
    return (viewer.is_admin and not viewer.is_suspended) or officers_policy.is_officer(viewer)


def _by_nobody() -> sa.ColumnElement[bool]:
    return sa.false()


_is_asked_for: Callable[[], sa.ColumnElement[bool]] = _by_nobody


def ask_about_claims(is_asked_for: Callable[[], sa.ColumnElement[bool]]) -> None:
    """Room claims stands above this one and knows who claims an entry; whoever assembles the app says how to ask."""
    global _is_asked_for
    _is_asked_for = is_asked_for


def is_asked_for() -> sa.ColumnElement[bool]:
    """Clause on RosterEntry: somebody claims it, whether that is decided or not."""
    return _is_asked_for()


def is_left_alone(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause: an agency says that nobody is to contact this person. It stays with the entry that they claimed."""
    marked = there_is(
        RosterEntry, RosterEntry.participation_id == Participation.id, RosterEntry.mark == EntryMark.DO_NOT_CONTACT
    )
    return there_is(Participation, Participation.account_id == account_id, marked)
