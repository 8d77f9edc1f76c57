"""Rosters: the official lists of cohorts, and how they get in."""
