"""Pages of moderation: reporting, cases, appeals, the log, what organisers see, the numbers."""

from alumni.moderation.views import appeals, log, places
from alumni.moderation.views.cases import bp

__all__ = ["appeals", "bp", "log", "places"]
