"""Pages of rosters."""

from alumni.rosters.views.rosters import bp

__all__ = ["bp"]
