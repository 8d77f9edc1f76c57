"""Pages of a fair: its companies, and meetings with them."""

from alumni.fairs.views import meetings
from alumni.fairs.views.companies import bp

__all__ = ["bp", "meetings"]
