"""Records as JSON: reading them, and keeping them."""

from alumni.meetings.api import keeping
from alumni.meetings.api.reading import bp

__all__ = ["bp", "keeping"]
