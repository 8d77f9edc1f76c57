"""Cohort groups, associations, umbrellas, chapters; memberships and roles."""
