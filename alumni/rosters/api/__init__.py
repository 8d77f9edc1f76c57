"""Rosters and imports as JSON."""

from alumni.rosters.api import imports
from alumni.rosters.api.rosters import bp

__all__ = ["bp", "imports"]
