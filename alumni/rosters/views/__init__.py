"""Pages of rosters and of files on their way in."""

from alumni.rosters.views import imports, preview
from alumni.rosters.views.rosters import bp

__all__ = ["bp", "imports", "preview"]
