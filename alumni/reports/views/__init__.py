"""Pages of what comes after an event."""

from alumni.reports.views import feedback, lasting, pictures
from alumni.reports.views.writing import bp

__all__ = ["bp", "feedback", "lasting", "pictures"]
