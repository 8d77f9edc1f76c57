"""What is done with events: post, change, publish, call off, hide; and their seats."""

from alumni.events.actions import seats
from alumni.events.actions.hiding import TELL_GOING, hide_event, restore_event, tell_going
from alumni.events.actions.posting import (
    EventAlreadyPublished,
    EventCancelled,
    EventDraft,
    EventNotPublished,
    EventOver,
    cancel_event,
    edit_event,
    post_event,
    publish_event,
)

__all__ = [
    "TELL_GOING",
    "EventAlreadyPublished",
    "EventCancelled",
    "EventDraft",
    "EventNotPublished",
    "EventOver",
    "cancel_event",
    "edit_event",
    "hide_event",
    "post_event",
    "publish_event",
    "restore_event",
    "seats",
    "tell_going",
]
