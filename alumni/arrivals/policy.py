"""Who keeps the door of an event, and when it is open."""

from datetime import datetime, timedelta
from typing import Any

from alumni.core.viewer import Viewer
from alumni.events import policy as events_policy
from alumni.events.models import EventState

OPENS = timedelta(hours=24)  # before the start: for those who set up
STAYS = timedelta(days=90)  # after the end: for lists on paper, and phones that find a network late


def can_keep_door(viewer: Viewer, event_id: int) -> bool:
    """Whoever runs the event."""
    return events_policy.can_run(viewer, event_id)


def is_open(event: Any, now: datetime) -> bool:
    is_time = bool(event.starts_at - OPENS <= now <= event.ends_at + STAYS)
    return is_time and event.state == EventState.PUBLISHED
