"""What moderators hide, and what is told to those who are coming."""

from alumni.core import audit, clock
from alumni.core.errors import require
from alumni.core.jobs import Job
from alumni.core.viewer import Viewer
from alumni.events import notices, policy
from alumni.events.models import (
    Event,
)

TELL_GOING = notices.TELL_GOING


def hide_event(*, actor: Viewer, event: Event, reason: str) -> None:
    """Nobody but staff sees it until it is restored."""
    require(policy.can_hide(actor, event), "moderator")
    event.hidden_at = event.hidden_at or clock.now()
    audit.record(actor, "event.hide", f"event:{event.slug}", reason=reason)


def restore_event(*, actor: Viewer, event: Event, reason: str) -> None:
    require(policy.can_hide(actor, event), "moderator")
    event.hidden_at = None
    audit.record(actor, "event.restore", f"event:{event.slug}", reason=reason)


def tell_going(job: Job) -> None:
    """The worker writes to each who is going now; the letters and the end of this job are one transaction."""
    notices.tell_each_who_comes(**job.payload)
