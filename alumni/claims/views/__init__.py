"""Pages of claims and of the desk."""

from alumni.claims.views import desk, invitations
from alumni.claims.views.claims import bp

__all__ = ["bp", "desk", "invitations"]
