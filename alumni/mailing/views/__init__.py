"""Pages of letters: which ones come, the links in them, and how they go out."""

from alumni.mailing.views import links, queue
from alumni.mailing.views.choices import bp

__all__ = ["bp", "links", "queue"]
