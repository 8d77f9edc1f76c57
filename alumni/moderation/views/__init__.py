"""Pages of moderation: reporting, cases, appeals, the log."""

from alumni.moderation.views import appeals, log
from alumni.moderation.views.cases import bp

__all__ = ["appeals", "bp", "log"]
