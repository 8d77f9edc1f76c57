"""Imports: how the lists that agencies have get into the rosters."""
