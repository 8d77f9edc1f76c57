"""Pages of claims and of the desk."""

from alumni.claims.views import desk
from alumni.claims.views.claims import bp

__all__ = ["bp", "desk"]
