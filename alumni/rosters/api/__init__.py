"""Rosters, invitations, who is whom and how many are back, as JSON."""

from alumni.rosters.api import invitations, pairs, rates
from alumni.rosters.api.rosters import bp

__all__ = ["bp", "invitations", "pairs", "rates"]
