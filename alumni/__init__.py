"""An alumni network: graduates claim their place, join their cohort's group, and meet."""

from alumni.app import create_app

__all__ = ["create_app"]
