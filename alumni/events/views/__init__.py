"""Pages and calendars of events."""

from alumni.events.views import calendars, hosts, hours, months
from alumni.events.views.pages import bp

__all__ = ["bp", "calendars", "hosts", "hours", "months"]
