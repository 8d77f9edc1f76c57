"""What is done with events: post, change, publish, call off, hide; and their seats."""

from alumni.events.actions import seats
from alumni.events.actions.feeds import end_feed, make_feed
from alumni.events.actions.hiding import TELL_GOING, hide_event, restore_event, tell_going
from alumni.events.actions.hosting import answer_hosting, ask_to_host, end_hosting
from alumni.events.actions.posting import (
    TELL_OF_EVENT,
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
from alumni.events.actions.series import (
    MOST_DATES,
    Repeats,
    cancel_following,
    edit_following,
    post_series,
    publish_series,
    rule_by_weekday,
)

__all__ = [
    "MOST_DATES",
    "TELL_GOING",
    "TELL_OF_EVENT",
    "EventAlreadyPublished",
    "EventCancelled",
    "EventDraft",
    "EventNotPublished",
    "EventOver",
    "Repeats",
    "answer_hosting",
    "ask_to_host",
    "cancel_event",
    "cancel_following",
    "edit_event",
    "edit_following",
    "end_feed",
    "end_hosting",
    "hide_event",
    "make_feed",
    "post_event",
    "post_series",
    "publish_event",
    "publish_series",
    "restore_event",
    "rule_by_weekday",
    "seats",
    "tell_going",
]
