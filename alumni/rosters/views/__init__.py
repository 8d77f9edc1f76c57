"""Pages of rosters: entries, invitations, who is whom, how many are back."""

from alumni.rosters.views import invitations, marks, pairs, rates
from alumni.rosters.views.rosters import bp

__all__ = ["bp", "invitations", "marks", "pairs", "rates"]
