""" "Yes, that is me", said by whoever holds a personal invitation."""

from alumni.claims.actions.by_invitation import verify_by_invitation
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.members.models import Participation
from alumni.rosters import actions as rosters_actions


def accept_invitation(actor: Viewer, secret: bytes, *, key: str) -> Participation:
    """The actor's place in the cohort of the entry; the invitation opens nothing any more.

    Look at the state of what comes back: with another claim on the entry it waits for the desk.
    Raises InvitationNotValid, ProfileNeeded and AlreadyClaimed.
    """
    require(actor.is_authenticated and not actor.is_suspended, "owner")
    invitation, entry = rosters_actions.hold_invitation(secret)
    participation = verify_by_invitation(actor, entry, key=key)
    rosters_actions.use_invitation(invitation)
    return participation
