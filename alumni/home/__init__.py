"""The landing page and "your cohort"; owns no tables."""
