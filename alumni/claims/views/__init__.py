"""Pages of claims, of vouchers and of the desk."""

from alumni.claims.views import cases, desk, evidence, invitations, vouching
from alumni.claims.views.claims import bp

__all__ = [
    "bp",
    "cases",
    "desk",
    "evidence",
    "invitations",
    "vouching",
]
