"""Participations, vouching and the desk as JSON."""

from alumni.claims.api import desk, vouching
from alumni.claims.api.claims import bp

__all__ = ["bp", "desk", "vouching"]
