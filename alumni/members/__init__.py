"""Profiles, what each audience may see of them, participations, blocks."""
