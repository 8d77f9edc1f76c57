"""Pages of records: reading them, and keeping them."""

from alumni.meetings.views import keeping, minutes, resolutions, seats
from alumni.meetings.views.reading import bp

__all__ = ["bp", "keeping", "minutes", "resolutions", "seats"]
