"""Pages of a conference: its programme, its recommendations, its delegations."""

from alumni.conferences.views import declaration, delegations
from alumni.conferences.views.programme import bp

__all__ = ["bp", "declaration", "delegations"]
