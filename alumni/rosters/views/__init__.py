"""Pages of rosters and of files on their way in."""

from alumni.rosters.views import imports, invitations, marks, pairs, preview, rates
from alumni.rosters.views.rosters import bp

__all__ = ["bp", "imports", "invitations", "marks", "pairs", "preview", "rates"]
