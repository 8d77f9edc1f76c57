"""Pages and calendars of events."""

from alumni.events.views import calendars
from alumni.events.views.pages import bp

__all__ = ["bp", "calendars"]
