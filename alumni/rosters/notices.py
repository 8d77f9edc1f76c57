"""Letters to people who are on a roster and have no account."""

from alumni.core.jobs import Job, enqueue
from alumni.rosters.models import Invitation

INVITE = "invite"


def invite_by_mail(invitation: Invitation) -> Job:
    """Promises a personal letter. The job says which one; its secret is made when the letter is written."""
    return enqueue(INVITE, entry=invitation.entry_id, times=invitation.times)
